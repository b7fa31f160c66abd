import type { Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'
import { inWords, waitUntil } from './wait-until.ts'

/** An environment that clients may still be on. */
export interface Leaving {
  readonly id: string
  readonly name: string
  /** When the last DNS answer that leads there expires, by S3's clock. */
  readonly followedAt: Instant
  /** How much longer requests may go on arriving. */
  readonly within: Ms
}

/** Nobody is on it, or so many requests a second still arrive. */
export type Use = { readonly is: 'unused' } | { readonly is: 'used'; readonly perSecond: number }

/**
 * Load balancers' own checks may be counted as requests: three zones that check every 15 s make 0.2 a second for each
 * instance, a Classic Load Balancer every 10 s a little more. Twice that is allowed.
 */
const checksPerInstance = 0.5

/**
 * Waits until clients' DNS answers have expired and requests have ceased. With basic health reporting nobody counts
 * requests, and the DNS answers alone decide.
 */
export async function waitUntilUnused(run: Run, leaving: Leaving): Promise<Use> {
  const { journal, clock } = run.ports
  const dnsLeft = Math.max(0, leaving.followedAt - journal.serverTime())
  const giveUpAt = clock.now() + dnsLeft + leaving.within
  return waitUntil(run, {
    sentence: `nobody is on ${leaving.name} any more`,
    expected: dnsLeft,
    within: dnsLeft + leaving.within + 60_000,
    look: async () => {
      const left = leaving.followedAt - journal.serverTime()
      if (left > 0)
        return { is: 'waiting', saw: `DNS answers that lead there live for ${inWords(left)}`, again: left }
      const use = await useOf(run, leaving.id)
      if (use.is === 'unused' || clock.now() >= giveUpAt) return { is: 'done', value: use }
      return { is: 'waiting', saw: `${use.perSecond.toFixed(1)} requests a second still arrive there` }
    },
  })
}

/** Is anybody on it now? */
export async function useOf(run: Run, id: string): Promise<Use> {
  const [rate, group] = await Promise.all([run.ports.beanstalk.requestRate(id), run.ports.capacity.read(id)])
  const checks = checksPerInstance * Math.max(1, group?.inService ?? 1)
  if (rate === undefined || rate.perSecond <= checks) return { is: 'unused' }
  return { is: 'used', perSecond: rate.perSecond }
}
