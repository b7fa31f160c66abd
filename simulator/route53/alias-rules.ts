import type { Overlay } from './overlay.ts'
import type { RecordSet } from './record-table.ts'
import type { AwsTargets } from './targets.ts'
import type { HostedZone } from './zone-state.ts'

/**
 * What is wrong with where an alias leads: to a record of its own zone and type, or to a name of AWS in the hosted zone that
 * AWS has for it. [BC:route53 AliasTarget] (C.4, C.6)
 */
export function aliasProblems(
  { Type, AliasTarget }: RecordSet,
  view: Overlay,
  { zone, targets }: { readonly zone: HostedZone; readonly targets: AwsTargets },
): readonly string[] {
  if (!AliasTarget) return []
  const { DNSName: name = '', HostedZoneId: id = '' } = AliasTarget
  const tried = `Tried to create an alias that targets ${name}, type ${Type} in zone ${id}`
  if (id === zone.id) {
    if (name !== zone.name && !name.endsWith(`.${zone.name}`))
      return [`${tried}, but the alias target name does not lie within the target zone`]
    return view.group({ Name: name, Type }).length > 0 ? [] : [`${tried}, but that target was not found`]
  }
  switch (targets.find(name, id)) {
    case 'found':
      return Type === 'A' || Type === 'AAAA' ? [] : [`${tried}, but that target was not found`]
    case 'outside':
      return [`${tried}, but the alias target name does not lie within the target zone`]
    case 'missing':
      return [`${tried}, but that target was not found`]
  }
}
