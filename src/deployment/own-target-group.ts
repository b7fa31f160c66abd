import type { OptionSetting } from './ports.ts'
import type { Settings } from './settings.ts'

/** Whose options they are, and whom they are meant for, by environment name. */
export interface Between {
  readonly from: string
  readonly to: string
}

type Known = Pick<Settings, 'targetGroups'>

/**
 * The options with the one environment's own target group turned into the other's: bundles read from an option which one
 * to attach their instances to (docs/traffic-in-steps.md), and what is copied would draw both to one side.
 */
export function asMeantFor(
  { targetGroups = {} }: Known,
  options: readonly OptionSetting[],
  { from, to }: Between,
): readonly OptionSetting[] {
  const [one, other] = [targetGroups[from], targetGroups[to]]
  if (one === undefined || other === undefined) return options.filter((option) => !namesTargetGroup(option))
  return options.map((option) =>
    option.value.includes(one) ? { ...option, value: option.value.replaceAll(one, other) } : option,
  )
}

/** The options that can be compared with what was turned: without target groups where nobody knows whose they are. */
export const comparable = (
  { targetGroups = {} }: Known,
  options: readonly OptionSetting[],
  { from, to }: Between,
): readonly OptionSetting[] =>
  from in targetGroups && to in targetGroups ? options : options.filter((option) => !namesTargetGroup(option))

/**
 * What a copy has instead of the original's target groups: its own where that is known, else none. With the original's,
 * its instances would get production's requests.
 */
export function ownInCopy(known: Known, options: readonly OptionSetting[], between: Between) {
  const copied = asMeantFor(known, options, between)
  return {
    optionSettings: copied.filter((option) => !options.includes(option)),
    optionsToRemove: options
      .filter((option) => namesTargetGroup(option) && !isTurned(option, copied))
      .map(({ namespace, name, resource }) => ({ namespace, name, resource })),
  }
}

const isTurned = ({ namespace, name, value }: OptionSetting, copied: readonly OptionSetting[]): boolean =>
  copied.some((one) => one.namespace === namespace && one.name === name && one.value !== value)

/** Custom options mean only what a bundle makes of them. [DG:ebextensions, custom options] */
const namesTargetGroup = ({ namespace, value }: OptionSetting): boolean =>
  namespace === 'aws:elasticbeanstalk:customoption' && value.includes(':targetgroup/')
