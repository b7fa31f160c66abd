import type { Environment } from './environment.ts'
import type { Gate } from './hold.ts'
import type { EnhancedHealth, Instant } from './ports.ts'
import type { Run, VersionSeen } from './run.ts'

/** What arrives at two environments while traffic is split between them. */
export interface RequestCount {
  /** Looks, and never fails: it says what is seen. */
  readonly gate: Gate
  /** Per cent of the requests that arrived at the first; undefined when nobody counted, or nothing came. */
  seen(): number | undefined
  versions(): readonly VersionSeen[]
}

/**
 * Counts by Beanstalk's own numbers, which are users' and nobody else's, from the moment on when clients follow. With basic
 * health reporting nobody counts.
 */
export function countRequests(
  run: Run,
  { sides, from }: { readonly sides: readonly [Environment, Environment]; readonly from: Instant },
): RequestCount {
  const { beanstalk, clock } = run.ports
  const looks: (readonly [EnhancedHealth, EnhancedHealth])[] = []
  const sum = (side: 0 | 1, what: (one: EnhancedHealth) => number) =>
    looks.reduce((total, look) => total + what(look[side]), 0)
  const seen = () => {
    const [first, second] = [sum(0, requests), sum(1, requests)]
    return first + second === 0 ? undefined : (100 * first) / (first + second)
  }
  return {
    gate: {
      name: 'requests',
      look: async () => {
        if (clock.now() < from) return { is: 'pass', saw: 'clients do not follow yet' }
        const [first, second] = await Promise.all(
          sides.map(({ id }) => beanstalk.enhancedHealth(id).catch(() => undefined)),
        )
        if (first && second) looks.push([first, second])
        const share = seen()
        return {
          is: 'pass',
          saw: share === undefined ? 'nobody counts them' : `${share.toFixed(0)} % arrive`,
        }
      },
    },
    seen,
    versions: () =>
      looks.length === 0
        ? []
        : ([0, 1] as const).map((side) => ({
            version: sides[side].version,
            environment: sides[side].name,
            perSecond: sum(side, requests) / looks.length,
            serverErrorShare: meanOf(sum(side, errors), sum(side, requests)),
          })),
  }
}

const requests = ({ perSecond }: EnhancedHealth): number => perSecond
const errors = ({ perSecond, serverErrorShare }: EnhancedHealth): number => perSecond * serverErrorShare
const meanOf = (weighted: number, weights: number): number => (weights === 0 ? 0 : weighted / weights)
