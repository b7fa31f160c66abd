import { scalar } from './next-step.ts'
import type { Ending } from './outcome.ts'
import type { PairState } from './ports.ts'
import type { Run } from './run.ts'

/**
 * Why this run may do nothing: production of this pair was last moved by something that its inputs do not speak of. By the
 * CNAME alone it would take for live what nobody reaches, and the other way round.
 */
export function movedOtherwise({ settings, record }: Run, state: PairState): Ending | undefined {
  const { traffic, ...how } = state.trafficInputs ?? {}
  if (traffic === undefined || settings.trafficInputs.traffic !== undefined) return undefined
  const lines = Object.entries({ traffic, ...how }).map(([name, value]) => `${name}: ${scalar(value)}`)
  record.elsewhere = `not looked at: what moves ${state.productionName} is \`${traffic}\`, and the inputs do not say so`
  record.remedies.push(
    {
      why: `Give this workflow what the one that deploys has${traffic === 'command' ? ', and its two commands' : ''}; every workflow of the pair needs it:`,
      workflow: lines.join('\n'),
    },
    {
      why: 'If a CNAME swap is to move production again from now on: let the name lead to one environment alone, and delete the pair’s state object (`blue-green/APPLICATION/PAIR.json` in Beanstalk’s bucket, or in `state-bucket`), which remembers the other way.',
    },
  )
  return {
    is: 'failed',
    says: `Production of this pair (${state.productionName}) was last moved by \`traffic: ${traffic}\`, and this run does not say so: by the Beanstalk CNAME nobody can tell what is live. Nothing was changed.`,
  }
}

/** What the journal remembers of how production is moved; commands may have secrets in them, and stay out. */
export function rememberedInputs({ settings }: Run): Readonly<Record<string, string>> {
  const isCommand = (name: string) => name.endsWith('-traffic-command')
  return Object.fromEntries(Object.entries(settings.trafficInputs).filter(([name]) => !isCommand(name)))
}
