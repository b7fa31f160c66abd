import type { Environment } from './environment.ts'
import { holderAmong } from './holder.ts'
import type { Group, Instant, Ms, OptionSetting, Route } from './ports.ts'
import { knownProductionName } from './production-name.ts'
import type { Run } from './run.ts'

/** A pair at one moment: everything that a way back is judged by. */
export interface Sight {
  /** When it was asked, by the port's clock. */
  readonly at: Instant
  readonly members: readonly Environment[]
  /** By environment id; undefined where there is none. */
  readonly groups: ById<Group | undefined>
  /** Version labels by instance, by environment id; undefined with basic health reporting. */
  readonly labels: ById<Readonly<Record<string, string>> | undefined>
}

/** The same with where production goes, and the options of both. */
export interface WholeSight extends Sight {
  readonly route: Route & { readonly settled: boolean }
  /** By environment name. */
  readonly options: ById<readonly OptionSetting[]>
}

type ById<T> = Readonly<Record<string, T>>

/** Asks side by side; `closely` are those whose group and instances matter. */
export async function lookAt(run: Run, ids: readonly string[], closely: readonly string[]): Promise<Sight> {
  const { beanstalk, capacity, clock } = run.ports
  const at = clock.now()
  const [members, groups, labels] = await Promise.all([
    beanstalk.read(ids),
    byId(closely, capacity.read),
    byId(closely, beanstalk.versionsOnInstances),
  ])
  return { at, members, groups, labels }
}

/** The whole pair in one round of calls. Undefined when that could not be had: then everything is asked for singly. */
export async function lookAtPair(
  run: Run,
  hints: Promise<readonly Environment[]>,
): Promise<WholeSight | undefined> {
  try {
    const members = await hints
    const ids = members.map(({ id }) => id)
    const productionName = await knownProductionName(run)
    if (ids.length !== 2 || productionName === undefined) return undefined
    if (!(await holderAmong(run, members, productionName))) return undefined
    const names = members.map(({ name }) => name)
    const [sight, route, options] = await Promise.all([
      lookAt(run, ids, ids),
      run.ports.routerFor({ ids, productionName }).read(),
      byId(names, run.ports.beanstalk.options),
    ])
    return sight.members.length === 2 ? { ...sight, route, options } : undefined
  } catch {
    // Whatever it was, it shows itself again where it is awaited.
    return undefined
  }
}

async function byId<T>(ids: readonly string[], ask: (id: string) => Promise<T>): Promise<Record<string, T>> {
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await ask(id)] as const)))
}

/** A look is as good as a new one for so long, if nothing was changed since. */
export const youngFor: Ms = 5_000
