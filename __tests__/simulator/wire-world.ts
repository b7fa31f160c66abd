import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { ElasticBeanstalkClient } from '@aws-sdk/client-elastic-beanstalk'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { createCertificates } from '../../simulator/certificates/store.ts'
import { virtualClock } from '../../simulator/clock.ts'
import type { Cloud, Operation } from '../../simulator/cloud.ts'
import { createFaults } from '../../simulator/faults.ts'
import { type InProcessOptions, inProcess } from '../../simulator/in-process.ts'
import { createS3 } from '../../simulator/s3/protocol.ts'
import { createStore } from '../../simulator/s3/store.ts'
import { createSessions } from '../../simulator/sessions.ts'
import { createSts } from '../../simulator/sts.ts'
import { likely, type Switches } from '../../simulator/switches.ts'
import { createThrottle } from '../../simulator/throttle.ts'
import { createEndpoint } from '../../simulator/wire/endpoint.ts'

interface WireWorldOptions extends InProcessOptions {
  /** Stands in for Elastic Beanstalk: only what a test needs. */
  readonly beanstalk?: Readonly<Record<string, Operation>>
  readonly switches?: Partial<Switches>
  readonly throttling?: boolean
  readonly maxAttempts?: number
}

/** The wire, S3 and STS in virtual time, with real SDK clients and an Elastic Beanstalk of the test's own. */
export function wireWorld(options: WireWorldOptions = {}) {
  const clock = virtualClock()
  let seed = 0
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed / 2 ** 31
  }
  const cloud: Cloud = {
    clock,
    random,
    region: 'us-east-1',
    account: '123456789012',
    certificates: createCertificates({ region: 'us-east-1', account: '123456789012' }),
    switches: { ...likely, ...options.switches },
    faults: createFaults(),
  }
  const store = createStore(cloud)
  const sessions = createSessions(cloud)
  const endpoint = createEndpoint({
    cloud,
    sessions,
    services: [
      { scope: 'elasticbeanstalk', operations: options.beanstalk ?? {} },
      { scope: 'autoscaling', operations: options.beanstalk ?? {} },
      createSts(cloud, sessions),
    ],
    openS3: createS3(cloud, store),
    throttle: options.throttling ? createThrottle(cloud) : undefined,
  })
  const simulator = { cloud, ...endpoint }
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: options.maxAttempts ?? 1,
    requestHandler: inProcess(simulator, options),
  }
  return {
    clock,
    cloud,
    store,
    simulator,
    beanstalk: new ElasticBeanstalkClient(config),
    autoScaling: new AutoScalingClient(config),
    s3: new S3Client(config),
    sts: new STSClient(config),
  }
}
