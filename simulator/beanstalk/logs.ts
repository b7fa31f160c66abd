import type { Call } from '../cloud.ts'
import { presignedUrl } from '../s3/presigned-url.ts'
import { invalid } from './errors.ts'
import { say, sayer } from './events.ts'
import { type EnvironmentName, findEnvironment } from './find.ts'
import { bundledLogs, tailedLogs } from './log-files.ts'
import type { Environment, Region } from './region.ts'

/** Beanstalk deletes pulled logs from S3 after this long, in ms. [DG:using-features.logging] */
const keptMs = 15 * 60_000

/** `RequestEnvironmentInfo`: some seconds later the instances' logs lie in S3. [BC:elasticbeanstalk] */
export function requestEnvironmentInfo(region: Region, input: InfoInput, call: Call): undefined {
  const environment = findEnvironment(region, input)
  if (input.InfoType === 'analyze') throw invalid('The simulator has no analyses.')
  const { clock, random } = region.cloud
  sayer(region, environment, call).info('requestEnvironmentInfo is starting.')
  clock.at(clock.now() + 5_000 + random() * 5_000, () => {
    void pull(region, environment, { type: input.InfoType, call })
  })
}

/**
 * `RetrieveEnvironmentInfo`: where the logs can be read, for a plain GET. What was deleted meanwhile is still named (assumed).
 * [BC:elasticbeanstalk] [DG:using-features.logging]
 */
export function retrieveEnvironmentInfo(region: Region, input: InfoInput, call: Call) {
  const { logs } = findEnvironment(region, input)
  return {
    EnvironmentInfo: logs
      .filter(({ type }) => type === input.InfoType)
      .map(({ type, instance, at, bucket, key }) => ({
        InfoType: type,
        Ec2InstanceId: instance,
        SampleTimestamp: new Date(at),
        Message: presignedUrl(region.cloud, { bucket, key, at, host: call.host }),
      })),
  }
}

interface InfoInput extends EnvironmentName {
  readonly InfoType: string
}

async function pull(
  region: Region,
  environment: Environment,
  { type, call }: { readonly type: string; readonly call: Call },
): Promise<void> {
  const { cloud, buckets } = region
  const bucket = `elasticbeanstalk-${cloud.region}-${cloud.account}`
  if (!buckets.has(bucket)) buckets.create(bucket)
  const isBundle = type === 'bundle'
  const at = cloud.clock.now()
  for (const machine of [...environment.machines.values()]) {
    const folder = `resources/environments/logs/${type}/${environment.id}/${machine.id}`
    const key = `${folder}/${isBundle ? `BundleLogs-${at}.zip` : `TailLogs-${at}.txt`}`
    buckets.put(bucket, key, await (isBundle ? bundledLogs : tailedLogs)(region, machine))
    cloud.clock.at(at + keptMs, () => buckets.remove(bucket, key))
    environment.logs.push({ type, instance: machine.id, at, bucket, key })
    say(region, environment, {
      message: `[Instance: ${machine.id}] Successfully finished ${isBundle ? 'bundling' : 'tailing'} 2 log(s)`,
      call,
    })
  }
  say(region, environment, { message: 'Pulled logs for environment instances.', call })
}
