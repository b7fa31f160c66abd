import type { Call } from '../cloud.ts'
import { say, sayer } from './events.ts'
import { type EnvironmentName, findEnvironment } from './find.ts'
import { capital, small } from './ids.ts'
import type { Environment, Region } from './region.ts'

/** `RequestEnvironmentInfo`: some seconds later the instances' last lines lie in S3. [BC:elasticbeanstalk] */
export function requestEnvironmentInfo(region: Region, input: InfoInput, call: Call): undefined {
  const environment = findEnvironment(region, input)
  const { clock, random } = region.cloud
  sayer(region, environment, call).info('requestEnvironmentInfo is starting.')
  clock.at(clock.now() + 5_000 + random() * 5_000, () =>
    pull(region, environment, { type: input.InfoType, call }),
  )
}

/** `RetrieveEnvironmentInfo`: where the lines can be read, an address with a signature in it. [BC:elasticbeanstalk] */
export function retrieveEnvironmentInfo(region: Region, input: InfoInput) {
  const { logs } = findEnvironment(region, input)
  return {
    EnvironmentInfo: logs
      .filter(({ type }) => type === input.InfoType)
      .map(({ type, instance, at, url }) => ({
        InfoType: type,
        Ec2InstanceId: instance,
        SampleTimestamp: new Date(at),
        Message: url,
      })),
  }
}

interface InfoInput extends EnvironmentName {
  readonly InfoType: string
}

function pull(region: Region, environment: Environment, { type, call }: { type: string; call: Call }): void {
  const { cloud, buckets, dataPlane } = region
  const bucket = `elasticbeanstalk-${cloud.region}-${cloud.account}`
  if (!buckets.has(bucket)) buckets.create(bucket)
  for (const instance of environment.machines.keys()) {
    const key = `resources/environments/logs/${type}/${environment.id}/${instance}/TailLogs-${cloud.clock.now()}.txt`
    buckets.put(bucket, key, new TextEncoder().encode(dataPlane.log(instance)))
    const signature = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA${capital(cloud.random, 16)}&X-Amz-Expires=86400&X-Amz-Signature=${small(cloud.random, 32)}`
    const url = `https://${bucket}.s3.${cloud.region}.amazonaws.com/${key}?${signature}`
    environment.logs.push({ type, instance, at: cloud.clock.now(), url })
    say(region, environment, {
      message: `[Instance: ${instance}] Successfully finished tailing 1 log(s)`,
      call,
    })
  }
  say(region, environment, { message: 'Pulled logs for environment instances.', call })
}
