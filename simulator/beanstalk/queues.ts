import type { Environment, Region } from './region.ts'
import { option } from './settings.ts'

/** The queues of a worker: its own, or the one that its configuration names. [CLI:ebcli/objects/environment.py] */
export function queuesOf(
  { cloud }: Region,
  { id, tier, settings }: Environment,
): readonly { readonly Name: string; readonly URL: string }[] {
  if (tier !== 'worker') return []
  const own = `https://sqs.${cloud.region}.amazonaws.com/${cloud.account}/awseb-${id}-stack`
  const worker = option(settings, 'aws:elasticbeanstalk:sqsd', 'WorkerQueueURL')
  return [
    { Name: 'WorkerQueue', URL: worker || `${own}-AWSEBWorkerQueue` },
    { Name: 'WorkerDeadLetterQueue', URL: `${own}-AWSEBWorkerDeadLetterQueue` },
  ]
}
