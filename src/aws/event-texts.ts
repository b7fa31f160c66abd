import type { BeanstalkEvent } from '../deployment/ports.ts'

/**
 * What an event says about the operation it belongs to. Beanstalk's texts are the only sign there is.
 * [CLI:ebcli/resources/strings.py, operations/commonops.py] (A.7, A.9, A.11, A.12)
 */
export function meaningOfEvent(message: string): BeanstalkEvent['says'] {
  if (LOOKED.some((text) => text.test(message))) return 'looked'
  if (STARTED.test(message)) return 'started'
  if (FAILED.some((text) => text.test(message))) return 'failed'
  if (COMPLETED.some((text) => text.test(message))) return 'completed'
  return 'progress'
}

/** Somebody pulls the logs: nothing is changed by that. [CLI:ebcli/resources/strings.py] */
const LOOKED = [
  /^(request|retrieve)EnvironmentInfo is starting\.$/,
  /^Pulled logs for environment instances\.$/,
  /Successfully finished (tailing|bundling) \d+ log\(s\)$/,
]

/** `createEnvironment is starting.`, `swapEnvironmentCNAMEs is starting.`, `Environment update is starting.` */
const STARTED = /^(\w+|Environment update|Environment tag update) is starting\.$/

const FAILED = [
  /^Failed to (launch environment|deploy application|deploy configuration)\./,
  /^Launched environment: .+\. However, there were issues during launch\./,
  /operation is complete, but with errors\b/,
  /^Environment tag update failed\./,
  /^The environment was reverted to the previous configuration setting\./,
]

/** `Successfully deployed new configuration to environment.` is not among them: an update goes on after it. */
const COMPLETED = [
  /^Successfully launched environment: /,
  /^Environment (tag )?update completed successfully\./,
  /^\w+ completed successfully\.$/,
  /^Completed swapping CNAMEs for environments /,
]
