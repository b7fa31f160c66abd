import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'

/** What a load balancer says of a group's targets: all healthy, never checked as long as nothing is sent there, or not yet. */
export type Fitness =
  | { readonly is: 'healthy' }
  | { readonly is: 'unchecked'; readonly why: string }
  | { readonly is: 'not yet'; readonly why: string }

/** Asks how the targets of a group are. Throws as `reading`. */
export const targetsOf = async (clients: Clients, group: string): Promise<Fitness> =>
  fitnessOf(await describeTargets(clients, group))

/** Whether anything is registered in a group that is not on its way out. Throws as `reading`. */
export const hasTargets = async (clients: Clients, group: string): Promise<boolean> =>
  (await describeTargets(clients, group)).some(({ TargetHealth }) => TargetHealth?.State !== 'draining')

async function describeTargets(clients: Clients, group: string): Promise<readonly TargetHealthDescription[]> {
  const { TargetHealthDescriptions = [] } = await reading(
    { to: `tell the health of the targets of ${group}`, action: 'elasticloadbalancing:DescribeTargetHealth' },
    () => clients.loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: group })),
  )
  return TargetHealthDescriptions
}

/** What is on its way out does not count; all others must be healthy. [ALB:target-group-health-checks] (D.2) */
export function fitnessOf(all: readonly TargetHealthDescription[]): Fitness {
  const targets = all.filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
  if (targets.length === 0) return { is: 'not yet', why: 'no target is registered in its target group' }
  const rest = targets.filter(({ TargetHealth }) => TargetHealth?.State !== 'healthy')
  if (rest.length === 0) return { is: 'healthy' }
  const healthy = targets.length - rest.length
  const why = `${healthy} of ${targets.length} ${targets.length === 1 ? 'target' : 'targets'} ${healthy === 1 ? 'is' : 'are'} healthy (${rest.slice(0, 3).map(inWords).join('; ')}${rest.length > 3 ? '; …' : ''})`
  return rest.every(isUnused) ? { is: 'unchecked', why } : { is: 'not yet', why }
}

const isUnused = ({ TargetHealth }: TargetHealthDescription): boolean =>
  TargetHealth?.State === 'unused' && TargetHealth.Reason === 'Target.NotInUse'

function inWords({ Target, TargetHealth }: TargetHealthDescription): string {
  const { State = 'unknown', Reason, Description } = TargetHealth ?? {}
  const why = [Reason, Description].filter((one) => one !== undefined && one !== '').join(', ')
  return `${Target?.Id ?? 'one'} is ${State}${why ? `: ${why}` : ''}`
}
