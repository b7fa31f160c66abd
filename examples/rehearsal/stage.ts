import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'
import { speedUpEnvironment } from '../../simulator/speed-up-environment.ts'
import { startUsers, type Users } from '../../simulator/users.ts'
import { bundleOf } from '../shop/bundle.ts'

/** Everything that stands before the first act. */
export interface StageSet {
  readonly aws: LocalAws
  readonly users: Users
  readonly productionName: string
  /** What a step's process needs to live in this world: endpoint, credentials, proxy, time, names. */
  environment(): Record<string, string>
  close(): Promise<void>
}

/** Starts a local AWS at `speed`, with 1.0.0 live on shop-blue, and users on the production address. */
export async function setStage(speed: number, region = 'us-east-1'): Promise<StageSet> {
  const aws = await startLocalAws({ speed, region })
  const { clock } = aws.simulator.cloud
  const { given } = aws.simulator.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0', await bundleOf('1.0.0'))
  const blue = await given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: '1.0.0',
    cnamePrefix: 'shop',
    minSize: 1,
    maxSize: 4,
    instances: 2,
  })
  const users = startUsers({
    clock,
    names: aws.simulator.names,
    send: aws.dataPlane.request,
    address: blue.cname,
    count: 10,
    everyMs: 5_000,
    random: Math.random,
  })
  return {
    aws,
    users,
    productionName: blue.cname,
    environment: () => ({
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: aws.simulator.cloud.region,
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      HTTP_PROXY: aws.proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      ...speedUpEnvironment({ clock, speed, dnsPort: aws.dnsPort }),
    }),
    close: async () => {
      await users.stop()
      await aws.close()
    },
  }
}
