import type { Probe } from '../ports.ts'
import type { StatusRange } from '../settings.ts'
import type { Pretence } from './pretence.ts'

/** The network as it is, until something is pretended; from then on everything answers, from where it should. */
export function pretendProbe(
  real: Probe,
  { pretence, healthStatus }: { readonly pretence: Pretence; readonly healthStatus: readonly StatusRange[] },
): Probe {
  const { clock, plan } = pretence
  const { first: status } = healthStatus[0] as StatusRange
  const asked = new Map<string, number>()
  return {
    async ask(url, signal, at) {
      if (!plan.hasChanged()) return clock.ask(() => real.ask(url, signal, at))
      const times = (asked.get(url) ?? 0) + 1
      asked.set(url, times)
      // Ever more slowly: nobody needs to watch every second of what does not happen.
      if (times > 5) await clock.sleep(Math.min(times, 60) * 1_000, signal).catch(() => undefined)
      return { is: 'answer', status, took: 0, isPretended: true }
    },
    addresses: async (host) => (plan.hasChanged() ? ['pretended'] : clock.ask(() => real.addresses(host))),
    alias: (host) => clock.ask(() => real.alias(host)),
  }
}
