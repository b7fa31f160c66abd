import type { Remedy } from './errors.ts'
import { scalar } from './next-step.ts'
import type { Ending } from './outcome.ts'
import type { PairState } from './ports.ts'
import type { Run } from './run.ts'
import type { Settings } from './settings.ts'

/**
 * Why nothing may be done by these inputs: production of the pair was last moved by something that they do not speak of. By
 * the CNAME alone what nobody reaches would be taken for live, and the other way round.
 */
export function otherwise(
  { trafficInputs: given }: Settings,
  { productionName, trafficInputs = {} }: PairState,
): { readonly what: string; readonly mends: readonly [Remedy, Remedy] } | undefined {
  const { traffic, ...how } = trafficInputs
  if (traffic === undefined || given.traffic !== undefined) return undefined
  const lines = Object.entries({ traffic, ...how }).map(([name, value]) => `${name}: ${scalar(value)}`)
  return {
    what: `Production of this pair (${productionName}) was last moved by \`traffic: ${traffic}\`, and the inputs do not say so: by the Beanstalk CNAME nobody can tell what is live.`,
    mends: [
      {
        why: `Give this workflow what the one that deploys has${traffic === 'command' ? ', and its two commands' : ''}; every workflow of the pair needs it:`,
        workflow: lines.join('\n'),
      },
      {
        why: 'If a CNAME swap is to move production again from now on: let the name lead to one environment alone, and delete the pair’s state object (`blue-green/APPLICATION/PAIR.json` in Beanstalk’s bucket, or in `state-bucket`), which remembers the other way.',
      },
    ],
  }
}

/** The same as the end of a run, which then does nothing: not even what an earlier run left can be settled so. */
export function movedOtherwise({ settings, record }: Run, state: PairState): Ending | undefined {
  const found = otherwise(settings, state)
  if (!found) return undefined
  record.elsewhere = `not looked at: what moves ${state.productionName} is not what the inputs say`
  record.remedies.push(...found.mends)
  return { is: 'failed', says: `${found.what} Nothing was changed.` }
}

/** What the journal remembers of how production is moved; commands may have secrets in them, and stay out. */
export function rememberedInputs({ settings }: Run): Readonly<Record<string, string>> {
  const isCommand = (name: string) => name.endsWith('-traffic-command')
  return Object.fromEntries(Object.entries(settings.trafficInputs).filter(([name]) => !isCommand(name)))
}
