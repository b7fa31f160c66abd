import { asMeantFor, comparable } from '../own-target-group.ts'
import type { OptionChange } from '../ports.ts'
import type { Settings } from '../settings.ts'
import type { Plan } from '../stages/plan.ts'
import { hasAlready } from './alike.ts'
import { type Drift, driftOf } from './drift.ts'
import { byKey, keyOf, optionOf } from './same-option.ts'
import { treatmentOf } from './treatment.ts'

/** What of a candidate's configuration has to be changed; `platform` is one to update to. */
export interface ConfigurationChange extends OptionChange {
  readonly platform: string | undefined
}

/** The inputs' own options that the candidate has not got yet, and with `sync` what it lacks of live's configuration. */
export function changeFor(settings: Settings, plan: Plan): ConfigurationChange {
  const { other, otherOptions } = plan
  if (!other.now || !otherOptions) return { optionSettings: [], optionsToRemove: [], platform: undefined }
  const environment = other.now
  const there = byKey(otherOptions)
  const own = settings.optionSettings.filter(
    (option) =>
      !hasAlready(option, option.value, { of: environment, text: there.get(keyOf(option))?.value ?? '' }),
  )
  const drift = driftIn(settings, plan)
  if (!drift || treatmentOf(settings, environment) !== 'sync')
    return { optionSettings: own, optionsToRemove: [], platform: undefined }
  return {
    optionSettings: [
      ...drift.options.flatMap((option) =>
        option.live === undefined ? [] : { ...optionOf(option), value: option.live },
      ),
      ...own,
    ],
    optionsToRemove: drift.options.filter(({ live }) => live === undefined).map(optionOf),
    platform: drift.platform?.live,
  }
}

/** How the candidate differs from live; undefined where it does not exist, or nobody looked. */
export function driftIn(
  settings: Pick<Settings, 'optionSettings' | 'targetGroups'>,
  { live, liveOptions, other, otherOptions }: Plan,
): Drift | undefined {
  if (!other.now || !otherOptions) return undefined
  const between = { from: live.name, to: other.now.name }
  return driftOf(
    { environment: live, options: asMeantFor(settings, liveOptions, between) },
    { environment: other.now, options: comparable(otherOptions) },
    settings.optionSettings,
  )
}

/** How many options it sets or takes out. */
export const optionsIn = ({ optionSettings, optionsToRemove }: OptionChange): number =>
  optionSettings.length + optionsToRemove.length
