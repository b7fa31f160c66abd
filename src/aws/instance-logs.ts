import {
  type EnvironmentInfoDescription,
  RequestEnvironmentInfoCommand,
  RetrieveEnvironmentInfoCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Clock, InstanceLog, Logs } from '../deployment/ports.ts'
import type { Download } from '../world.ts'
import type { Clients } from './clients.ts'
import { reading } from './errors.ts'

const lookEvery = 4_000
/** A hundred lines of each log file. */
const longest = 1024 * 1024

/**
 * The last lines of instances' logs: Beanstalk has each instance put them into S3 and then says where, in addresses
 * that are good for whoever has them. So these are never said. [BC:elasticbeanstalk EnvironmentInfoDescription]
 */
export function createLogs(place: {
  readonly clients: Clients
  readonly clock: Clock
  readonly download: Download
}): Logs {
  const { clients, clock, download } = place
  return {
    async tail(id, signal) {
      const earlier = new Set((await pulled(clients, id)).map(sampleOf))
      await pull(clients, id)
      let seen = 0
      while (true) {
        await clock.sleep(lookEvery, signal)
        const fresh = (await pulled(clients, id)).filter((one) => !earlier.has(sampleOf(one)))
        // Instances are not done at the same moment: one more look shows whether that were all.
        if (fresh.length > 0 && fresh.length === seen) return fresh.flatMap(toLog(download))
        seen = fresh.length
      }
    },
  }
}

/** The address may be another one each time it is asked for. */
const sampleOf = ({ Ec2InstanceId, SampleTimestamp }: EnvironmentInfoDescription): string =>
  `${Ec2InstanceId} ${SampleTimestamp?.getTime()}`

const toLog =
  (download: Download) =>
  ({ Ec2InstanceId: instance, Message: url }: EnvironmentInfoDescription): readonly InstanceLog[] =>
    instance && url ? [{ instance, read: (signal) => download(url, { signal, longest }) }] : []

async function pulled(clients: Clients, id: string): Promise<readonly EnvironmentInfoDescription[]> {
  const { EnvironmentInfo = [] } = await reading(
    { to: `find the logs of ${id}`, action: 'elasticbeanstalk:RetrieveEnvironmentInfo' },
    () => clients.beanstalk.send(new RetrieveEnvironmentInfoCommand({ EnvironmentId: id, InfoType: 'tail' })),
  )
  return EnvironmentInfo
}

/** Changes nothing, and twice is as good as once. */
const pull = (clients: Clients, id: string) =>
  reading({ to: `pull the logs of ${id}`, action: 'elasticbeanstalk:RequestEnvironmentInfo' }, () =>
    clients.beanstalk.send(new RequestEnvironmentInfoCommand({ EnvironmentId: id, InfoType: 'tail' })),
  )
