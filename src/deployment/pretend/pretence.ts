import { type Environment, isEnding, isReady } from '../environment.ts'
import type { Group, Instant, Ms, Route } from '../ports.ts'
import type { PretendedClock } from './clock.ts'
import type { Plan } from './plan.ts'

/** What was pretended so far, on top of what was read for real. */
export interface Pretence {
  readonly plan: Plan
  readonly clock: PretendedClock
  /** Environments that are known, by id; undefined is one that is gone. */
  readonly environments: Map<string, Changing<Environment | undefined>>
  /** Names that were looked for. */
  readonly names: Set<string>
  /** Ids that only the plan knows. */
  readonly created: Set<string>
  /** Ids of environments that something was deployed to. */
  readonly changed: Set<string>
  /** Sizes by environment's or saved configuration's name, as their option settings say. */
  readonly sizes: Map<string, Size>
  /** Groups by name, and whose they are by environment id. */
  readonly groups: Map<string, Changing<Group>>
  readonly groupOf: Map<string, string | undefined>
  /** Where the plan moved production, if it did, to whom, and from when on that is settled. */
  route?: Route & { readonly settledAt: Instant }
  /** An environment as it is now. */
  environment(id: string): Environment | undefined
  /** All of them that are there now. */
  present(): readonly Environment[]
  /** Takes an environment over as it was read; what is busy is done with it after a while. */
  meet(environment: Environment): void
}

/** What a group made from a configuration is like. */
export type Size = Pick<Group, 'min' | 'max'>

/** Something that becomes something else. */
export interface Changing<T> {
  readonly now: T
  readonly next?: { readonly at: Instant; readonly value: T }
}

/** How long things take, in ms [aws-semantics A.7, A.9, A.11]; what is found busy, a while. */
export const takes = {
  create: 390_000,
  deploy: 80_000,
  configure: 150_000,
  terminate: 300_000,
  swap: 6_000,
  launch: 150_000,
  busy: 60_000,
} as const

/** Nothing is pretended, and nothing was read. */
export function newPretence({ plan, clock }: Pick<Pretence, 'plan' | 'clock'>): Pretence {
  const environments: Pretence['environments'] = new Map()
  const environment = (id: string) => {
    const found = environments.get(id)
    return found && current(found, clock.now())
  }
  return {
    plan,
    clock,
    environments,
    names: new Set(),
    created: new Set(),
    changed: new Set(),
    sizes: new Map(),
    groups: new Map(),
    groupOf: new Map(),
    environment,
    present: () => [...environments.keys()].flatMap((id) => environment(id) ?? []),
    meet(found) {
      if (environments.has(found.id)) return
      if (isReady(found)) return void environments.set(found.id, { now: found })
      plan.report.line(`It would wait: ${found.name} is ${found.status} now.`)
      const value = isEnding(found) ? undefined : { ...found, status: 'Ready' as const }
      environments.set(found.id, { now: found, next: { at: clock.now() + takes.busy, value } })
    },
  }
}

/** What it is at a moment. */
export const current = <T>({ now, next }: Changing<T>, at: Instant): T =>
  next && at >= next.at ? next.value : now

/** Is one thing, and becomes another after a while. */
export const becoming = <T>(now: T, value: T, at: Instant, after: Ms): Changing<T> => ({
  now,
  next: { at: at + after, value },
})
