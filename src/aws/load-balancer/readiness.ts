import { type Environment, isAtLeast } from '../../deployment/environment.ts'
import type { Instant, Ms } from '../../deployment/ports.ts'
import { weightsIn } from './forward.ts'
import type { Look, Parts } from './look.ts'
import { percentAt } from './sharing.ts'
import { type Fitness, targetsOf } from './target-health.ts'

/** Whether environments can be given traffic, and what else to say of that. */
export interface Readiness {
  readonly notReady: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/** Long enough for some checks: Beanstalk's target groups are checked every 15 s, others every 30 s. (D.2) */
const uncheckedFor: Ms = 90_000

/** `since`: when this run put the target groups into the rules; undefined while it has not. */
export async function readinessOf(
  { clients, clock }: Parts,
  { rules, members, groupAt }: Look,
  since: Instant | undefined,
): Promise<Readiness> {
  const waiting = members.filter(({ id }) => rules.every((rule) => percentAt(rule, groupAt(rule, id)) === 0))
  const isOld = since !== undefined && clock.now() - since >= uncheckedFor
  const each = await Promise.all(
    waiting.map(async (member) => {
      const named = rules.map((rule) => namedAt(rule, groupAt(rule, member.id)))
      if (named.includes(undefined))
        return {
          member,
          fitness: { is: 'not yet', why: 'the rules do not name its target group' } as Fitness,
        }
      const groups = [...new Set(named as string[])]
      const found = await Promise.all(groups.map((group) => targetsOf(clients, group)))
      return { member, fitness: worstOf(found) }
    }),
  )
  const taken = each.filter(({ member, fitness }) => fitness.is === 'unchecked' && isOld && isWell(member))
  return {
    notReady: Object.fromEntries(
      each.flatMap(({ member, fitness }) =>
        fitness.is === 'healthy' || taken.some((one) => one.member === member)
          ? []
          : [[member.id, fitness.why]],
      ),
    ),
    notes: taken.map(
      ({ member }) =>
        `The load balancer does not check the targets of ${member.name} while they get nothing: its own health in Beanstalk (${member.health}) is taken for theirs.`,
    ),
  }
}

const namedAt = ({ actions }: { readonly actions: Look['rules'][number]['actions'] }, group?: string) =>
  group !== undefined && weightsIn(actions)[group] !== undefined ? group : undefined

const isWell = ({ health }: Environment): boolean => isAtLeast(health, 'Warning')

const worstOf = (all: readonly Fitness[]): Fitness =>
  all.find(({ is }) => is === 'not yet') ?? all.find(({ is }) => is === 'unchecked') ?? { is: 'healthy' }
