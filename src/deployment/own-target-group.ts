import type { OptionSetting } from './ports.ts'
import type { Settings } from './settings.ts'

/** Whose options they are, and whom they are meant for, by environment name. */
export interface Between {
  readonly from: string
  readonly to: string
}

type Known = Pick<Settings, 'targetGroups'>

/** The options with the one environment's own target group turned into the other's, where both are known. */
function turned(
  { targetGroups = {} }: Known,
  options: readonly OptionSetting[],
  { from, to }: Between,
): readonly OptionSetting[] {
  const [one, other] = [targetGroups[from], targetGroups[to]]
  if (one === undefined || other === undefined) return options
  return options.map((option) =>
    option.value.includes(one) ? { ...option, value: option.value.replaceAll(one, other) } : option,
  )
}

/** What of live's options the other one is compared with: what names live's own target group means the other's there. */
export const asMeantFor = (
  known: Known,
  options: readonly OptionSetting[],
  between: Between,
): readonly OptionSetting[] => turned(known, comparable(options), between)

/**
 * The options that can be compared. Bundles read from an option which target group to attach their instances to
 * (docs/traffic-in-steps.md): it says where an environment is, and is never to be brought over to another.
 */
export const comparable = (options: readonly OptionSetting[]): readonly OptionSetting[] =>
  options.filter((option) => !namesTargetGroup(option))

/**
 * What a copy has instead of the original's target groups: its own where that is known, else none. With the original's,
 * its instances would get production's requests; and what is made for a verification may stand in another one's place.
 */
export function ownInCopy(
  settings: Pick<Settings, 'targetGroups' | 'operation'>,
  options: readonly OptionSetting[],
  between: Between,
) {
  const own = settings.operation === 'verify' ? undefined : settings.targetGroups?.[between.to]
  const copied = turned(settings, options, between)
  const isOwn = ({ value }: OptionSetting) => own !== undefined && value.includes(own)
  return {
    optionSettings: copied.filter(
      (option) => !options.includes(option) && (isOwn(option) || !namesTargetGroup(option)),
    ),
    optionsToRemove: copied
      .filter((option) => namesTargetGroup(option) && !isOwn(option))
      .map(({ namespace, name, resource }) => ({ namespace, name, resource })),
  }
}

/** The target groups that options name, by which a bundle attaches instances. */
export const targetGroupsIn = (options: readonly OptionSetting[]): readonly string[] =>
  options
    .filter(namesTargetGroup)
    .flatMap(({ value }) => value.match(/arn:[^\s,"'\]]+:targetgroup\/[^\s,"'\]]+/g) ?? [])

/** Custom options mean only what a bundle makes of them. [DG:ebextensions, custom options] */
const namesTargetGroup = ({ namespace, value }: OptionSetting): boolean =>
  namespace === 'aws:elasticbeanstalk:customoption' && value.includes(':targetgroup/')
