import type { Environment } from '../environment.ts'
import type { Remedy } from '../errors.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'
import type { Drift } from './drift.ts'
import { isShown } from './drift-report.ts'
import type { Option } from './same-option.ts'

interface Sides {
  readonly live: Environment
  readonly candidate: Environment
  readonly drift: Drift
}

/** What can be done about a difference that is not put up with: by the action, for good, or by hand. */
export function waysOut(
  { settings }: Pick<Run, 'settings'>,
  { live, candidate, drift }: Sides,
): readonly Remedy[] {
  return [
    {
      why: `Let ${candidate.name} get what ${live.name} has, together with the version:`,
      workflow: 'configuration: sync',
    },
    {
      why: `If ${candidate.name} is right, and production shall become like it with this version (then bring the other environment after it):`,
      workflow: 'configuration: keep',
    },
    {
      why: 'What shall be so on every candidate belongs into `option-settings` and `environment-variables`: that is no drift.',
    },
    ...byHand({ live, candidate, drift }),
    compareByHand(settings.application, live, candidate),
  ]
}

/** How to bring the candidate to live by hand, as far as values may be shown. */
export function byHand({ live, candidate, drift: { options, platform } }: Sides): readonly Remedy[] {
  const update = `aws elasticbeanstalk update-environment --environment-id ${candidate.id}`
  const shown = options.filter((option) => isShown(option) && !option.isUnclear)
  const set = shown.flatMap((option) =>
    option.live === undefined ? [] : { ...wireOf(option), Value: option.live },
  )
  const remove = shown.filter((option) => option.live === undefined).map(wireOf)
  const flags = [
    ...(set.length > 0 ? [`--option-settings ${shellWord(JSON.stringify(set))}`] : []),
    ...(remove.length > 0 ? [`--options-to-remove ${shellWord(JSON.stringify(remove))}`] : []),
  ]
  const hidden = options.length - shown.length
  const without =
    hidden === 0 ? '' : ` (${hidden === 1 ? 'one option is' : `${hidden} options are`} not shown here)`
  return [
    ...(platform
      ? [
          {
            why: `Or bring ${candidate.name} to the platform of ${live.name} by hand:`,
            command: `${update} ${platformFlag(platform.live)}`,
          },
        ]
      : []),
    ...(flags.length > 0
      ? [
          {
            why: `Or bring ${candidate.name} to the options of ${live.name} by hand${without}:`,
            command: `${update} ${flags.join(' ')}`,
          },
        ]
      : []),
  ]
}

/** Shows both configurations side by side, values included. */
export const compareByHand = (application: string, live: Environment, candidate: Environment): Remedy => ({
  why: 'See every difference with its values, those of environment properties too:',
  command: `diff ${[live, candidate].map(({ name }) => `<(aws elasticbeanstalk describe-configuration-settings --application-name ${shellWord(application)} --environment-name ${name} --query "ConfigurationSettings[?DeploymentStatus=='deployed'].OptionSettings[][].[Namespace,OptionName,Value]" --output text | sort)`).join(' ')}`,
})

/** How the CLI takes a platform. */
export const platformFlag = (platform: string): string =>
  platform.startsWith('arn:')
    ? `--platform-arn ${shellWord(platform)}`
    : `--solution-stack-name ${shellWord(platform)}`

const wireOf = ({ namespace, name, resource }: Option) => ({
  ...(namespace.endsWith(':scheduledaction') && resource !== undefined && { ResourceName: resource }),
  Namespace: namespace,
  OptionName: name,
})
