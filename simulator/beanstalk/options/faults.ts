import { isEnhanced, type OptionSetting, option, type Settings } from '../settings.ts'
import { findOption } from './find-option.ts'
import { complaint } from './kinds.ts'
import { type OptionFault, refuse, valueFault } from './option-fault.ts'
import { policyFaults } from './policy-faults.ts'
import { sharedFaults } from './shared-faults.ts'

/** A configuration as a call would make it: the options that it sets, and all that there would be then. */
export interface Wanted {
  readonly set: readonly OptionSetting[] | undefined
  readonly whole: Settings
}

/**
 * Everything that is wrong with a configuration. [CLI:tests/unit/mock_responses.py:3685] for what is unknown; the form for
 * values: [log] [issue aws/aws-toolkit-eclipse#248].
 */
export function faultsOf({ set = [], whole }: Wanted): readonly OptionFault[] {
  return [
    ...set.flatMap(faultOfOne),
    ...faultsTogether(whole),
    ...policyFaults(whole),
    ...sharedFaults(whole),
  ]
}

/** Refuses a configuration with a fault. [log] */
export function requireValid(wanted: Wanted): void {
  const [fault] = faultsOf(wanted)
  if (fault) throw refuse(fault)
}

function faultOfOne({ Namespace = '', OptionName = '', Value = '' }: OptionSetting): readonly OptionFault[] {
  const kind = findOption(Namespace, OptionName)
  if (kind === undefined) return []
  const at = { namespace: Namespace, name: OptionName }
  if (kind === 'unknown') {
    const message = `Invalid option specification (Namespace: '${Namespace}', OptionName: '${OptionName}'): Unknown configuration setting.`
    return [{ ...at, message }]
  }
  const why = complaint(kind, Value)
  return why === undefined ? [] : [valueFault({ ...at, value: Value }, why)]
}

/** Managed updates need a window, a level and enhanced health. [DG:environment-platform-update-managed] The words are assumed. */
function faultsTogether(whole: Settings): readonly OptionFault[] {
  const namespace = 'aws:elasticbeanstalk:managedactions'
  if (option(whole, namespace, 'ManagedActionsEnabled') !== 'true') return []
  const at = { namespace, name: 'ManagedActionsEnabled' }
  const fault = (why: string) => valueFault({ ...at, value: 'true' }, why)
  return [
    ...(option(whole, namespace, 'PreferredStartTime') === ''
      ? [fault('Specify PreferredStartTime for managed actions.')]
      : []),
    ...(option(whole, `${namespace}:platformupdate`, 'UpdateLevel') === ''
      ? [fault('Specify UpdateLevel for managed platform updates.')]
      : []),
    ...(isEnhanced(whole) ? [] : [fault('Managed actions require enhanced health reporting.')]),
  ]
}
