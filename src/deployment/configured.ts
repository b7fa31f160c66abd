import type { Environment } from './environment.ts'
import type { Remedy } from './errors.ts'
import type { Obstacle } from './pair-report.ts'
import type { OptionSetting, TrafficRouter } from './ports.ts'
import { shellWord } from './shell-word.ts'

/** The option settings of one environment, and the address that its users open. */
export interface Configured {
  readonly environment: Environment
  /** The one that is not live, where a change disturbs nobody. */
  readonly other: Environment | undefined
  readonly options: readonly OptionSetting[]
  readonly productionUrl: string | undefined
  /** How production is routed: only a CNAME swap moves names. */
  readonly moves: TrafficRouter['moves']
}

/** Finds one kind of obstacle, if it is there. */
export type Find = (configured: Configured) => Obstacle | undefined

/** One option as Beanstalk names it. */
interface Option {
  readonly namespace: string
  readonly name: string
}

/** The value of an option; undefined when it is not set. [DG:command-options-general] */
export const valueIn = (options: readonly OptionSetting[], { namespace, name }: Option): string | undefined =>
  options.find((one) => one.namespace === namespace && one.name === name)?.value

/** How to give an option another value without touching production: first where no traffic is. */
export const setting = (
  { environment, other }: Configured,
  { namespace, name, value, why }: Option & { readonly value: string; readonly why: string },
): Remedy => ({
  why: other
    ? `${why}, on ${other.name}, which has no traffic; and on ${environment.name} after the next deployment:`
    : `${why}, at a quiet hour, since ${environment.name} is live:`,
  command: `aws elasticbeanstalk update-environment --environment-id ${(other ?? environment).id} --option-settings ${shellWord(`Namespace=${namespace},OptionName=${name},Value=${value}`)}`,
})
