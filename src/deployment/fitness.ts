import { describe, type Environment, isAtLeast, isEnding, isReady } from './environment.ts'
import type { Group } from './ports.ts'
import { inWordsOf } from './production-watch.ts'
import { lastMoveAt } from './promotions.ts'
import { type Run, warn } from './run.ts'
import { lookAt, type Sight } from './sight.ts'

/** What an environment must be to take production back. */
export interface FitFor {
  readonly id: string
  readonly version: string | undefined
  /** The environment that production would leave. */
  readonly insteadOf: string
}

/** Why an environment is no way back. */
export interface Unfit {
  readonly why: string
  /**
   * `sick`: a human may go there all the same. `empty`: it has no instance. `busy`: nobody can go there now.
   * `impossible`: nobody can go there any more.
   */
  readonly is: 'sick' | 'empty' | 'busy' | 'impossible'
}

/**
 * Why the environment is no way back, or undefined when it is one: Ready, with its version, with instances in
 * service, and not as sick as what it would replace (a shared database that is down makes both red).
 */
export async function unfitness(run: Run, fitFor: FitFor, seen?: Sight): Promise<Unfit | undefined> {
  const { id, version, insteadOf } = fitFor
  const { members, groups, labels } = seen ?? (await lookAt(run, [id, insteadOf], [id]))
  const standby = members.find((member) => member.id === id)
  if (!standby) return { is: 'impossible', why: `environment ${id} does not exist any more` }
  if (isEnding(standby)) return { is: 'impossible', why: `${describe(standby)} is ${standby.status}` }
  if (!isReady(standby)) return { is: 'busy', why: `${describe(standby)} is ${standby.status}, not Ready` }
  if (standby.version !== version)
    return {
      is: 'impossible',
      why: `${describe(standby)} does not run ${version ?? 'no version'} any more`,
    }
  if (isEmpty(groups[id])) return { is: 'empty', why: `${describe(standby)} has no instance in service` }
  const strays = Object.values(labels[id] ?? {}).filter((label) => label !== version)
  if (strays.length > 0)
    return { is: 'sick', why: `${describe(standby)} has instances that run ${strays[0]}` }
  if (labels[id] === undefined && (await lastOperationFailed(run, id)))
    return {
      is: 'sick',
      why: `the last operation on ${describe(standby)} failed, and with basic health reporting nobody can tell what its instances run`,
    }
  const other = members.find((member) => member.id === insteadOf)
  const why = await sickness(run, standby, other)
  return why === undefined ? undefined : { is: 'sick', why }
}

/** May production go there all the same, because a human says so? */
export const isForced = (run: Run, unfit: Unfit): boolean => run.settings.force && unfit.is === 'sick'

/** Says what is put up with. */
export const warnOfForce = (run: Run, { why }: Unfit): void =>
  warn(run, `Production goes back all the same (\`force: true\`), although ${why}.`)

const isEmpty = (group: Group | undefined): boolean => group !== undefined && group.inService === 0

const day = 24 * 3_600_000

/**
 * The label is that of the last deployment that succeeded; after one that failed, instances may run anything
 * [aws-semantics A.9]. Enhanced health tells what each one runs, basic health does not.
 */
async function lastOperationFailed(run: Run, id: string): Promise<boolean> {
  const since = Math.max(0, lastMoveAt(run) - day)
  const events = await run.ports.beanstalk.events(id, since)
  return events.findLast(({ says }) => says === 'failed' || says === 'completed')?.says === 'failed'
}

async function sickness(
  run: Run,
  standby: Environment,
  other: Environment | undefined,
): Promise<string | undefined> {
  const isBad = !isAtLeast(standby.health, 'Warning') && standby.health !== 'unknown'
  const isBetter =
    other === undefined || (isAtLeast(standby.health, other.health) && standby.health !== other.health)
  if (isBad && !isBetter) return `${describe(standby)} is ${standby.health} itself`
  if (standby.endpoint === undefined || run.settings.probe === 'off') return undefined
  // The endpoint, not the CNAME: after a swap caches may hold the CNAME's old answer. A load balancer that wants a
  // certain host name answers 4xx here, which says nothing about the application.
  const answer = await run.ports.probe.ask(`http://${standby.endpoint}${run.settings.healthPath}`, run.signal)
  if (answer.is === 'answer' && answer.status >= 500)
    return `${describe(standby)} answers ${run.settings.healthPath} with ${inWordsOf(answer)} itself`
  return undefined
}
