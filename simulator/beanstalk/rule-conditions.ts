import { settledConditions } from '../load-balancing/conditions.ts'
import type { Condition } from '../load-balancing/model.ts'

/** The conditions of a listener rule of the configuration; without hosts and paths every path (assumed). [DG:command-options-general aws:elbv2:listenerrule] */
export function ruleConditions({
  hosts,
  paths,
}: {
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
}): readonly Condition[] {
  const all: Condition[] = [
    ...(hosts.length > 0 ? [{ Field: 'host-header', Values: hosts }] : []),
    ...(paths.length > 0 ? [{ Field: 'path-pattern', Values: paths }] : []),
  ]
  return settledConditions(all.length > 0 ? all : [{ Field: 'path-pattern', Values: ['/*'] }])
}
