import type { Ending, Job } from './deploy/job.ts'
import type { Say } from './events.ts'
import { ListenerRefused, requireListeners } from './listeners.ts'
import type { Environment, Region } from './region.ts'
import type { Settings } from './settings.ts'
import { GroupRefused, nameTargetGroups, type Template } from './target-groups.ts'
import { timeline } from './timeline.ts'

/** Why CloudFormation takes a stack back. */
export type Refused = ListenerRefused | GroupRefused

/** Why Elastic Load Balancing would not make a listener of this configuration; undefined when it makes them all. */
export function refusedListener(
  region: Region,
  environment: Environment,
  settings: Settings,
): ListenerRefused | undefined {
  try {
    requireListeners(region, environment, settings)
    return undefined
  } catch (error) {
    if (error instanceof ListenerRefused) return error
    throw error
  }
}

/** Lets the environment's group name the target groups of its new template; why it cannot, else undefined. */
export function refusedGroups(
  region: Region,
  environment: Environment,
  template: Template,
): GroupRefused | undefined {
  try {
    nameTargetGroups(region, environment, template)
    return undefined
  } catch (error) {
    if (error instanceof GroupRefused) return error
    throw error
  }
}

/**
 * The lines of a stack that failed for it. [issue cloudposse/terraform-aws-elastic-beanstalk-environment#81] Those about a group
 * are modelled on them (assumed).
 */
export function sayRefused(
  line: Say,
  { id, group }: Environment,
  { refused, during }: { readonly refused: Refused; readonly during: 'CREATE' | 'UPDATE' },
): void {
  const state = during === 'CREATE' ? 'CREATE_FAILED' : 'UPDATE_ROLLBACK_IN_PROGRESS'
  if (refused instanceof GroupRefused) {
    line.error(
      `Stack named 'awseb-${id}-stack' aborted operation. Current state: '${state}'  Reason: The following resource(s) failed to ${during.toLowerCase()}: [AWSEBAutoScalingGroup].`,
    )
    line.error(`Updating Auto Scaling group named: ${group?.name} failed Reason: ${refused.message}`)
    return
  }
  line.error(
    `Stack named 'awseb-${id}-stack' aborted operation. Current state: '${state}'  Reason: The following resource(s) failed to create: [AWSEBV2LoadBalancerListener${refused.port}].`,
  )
  line.error(
    `Creating Load Balancer listener failed Reason: ${refused.message} (Service: AmazonElasticLoadBalancingV2; Status Code: 400; Error Code: ${refused.code})`,
  )
}

/** The course of an update whose listener is not made: CloudFormation takes everything back (assumed). */
export async function rollBackStack(
  { region, environment, line }: Omit<Job, 'bundle'>,
  refused: Refused,
): Promise<Ending> {
  const until = timeline(region)
  await until(12)
  line.info(`Updating environment ${environment.name}'s configuration settings.`)
  await until(60)
  sayRefused(line, environment, { refused, during: 'UPDATE' })
  await until(90)
  line.error('Failed to deploy configuration.')
  line.info('The environment was reverted to the previous configuration setting.')
  return 'reverted'
}
