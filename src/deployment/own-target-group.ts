import type { OptionSetting } from './ports.ts'
import type { Settings } from './settings.ts'

/** Whose options they are, and whom they are meant for, by environment name. */
export interface Between {
  readonly from: string
  readonly to: string
}

/**
 * The options with the one environment's own target group turned into the other's: bundles read from an option which one
 * to attach their instances to (docs/traffic-in-steps.md), and what is copied would draw both to one side.
 */
export function asMeantFor(
  { targetGroups = {} }: Pick<Settings, 'targetGroups'>,
  options: readonly OptionSetting[],
  { from, to }: Between,
): readonly OptionSetting[] {
  const [one, other] = [targetGroups[from], targetGroups[to]]
  if (one === undefined || other === undefined) return options
  return options.map((option) =>
    option.value.includes(one) ? { ...option, value: option.value.replaceAll(one, other) } : option,
  )
}

/** Only those that had to be turned. */
export function turnedFor(
  settings: Pick<Settings, 'targetGroups'>,
  options: readonly OptionSetting[],
  between: Between,
): readonly OptionSetting[] {
  return asMeantFor(settings, options, between).filter((option, at) => option !== options[at])
}
