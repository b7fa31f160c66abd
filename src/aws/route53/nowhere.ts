import type { Remedy } from '../../deployment/errors.ts'
import { shellWord } from '../../deployment/shell-word.ts'
import type { RecordSet } from './record.ts'

/** How a human lets the production name lead to one environment, where nothing stands there yet. */
export function pointByHand(
  zone: { readonly id: string; readonly role: string | undefined },
  record: RecordSet | undefined,
  to: string | undefined,
): Remedy {
  if (record === undefined || to === undefined)
    return { why: 'Create a record for the environment that is live, and run this again.' }
  const batch = { Changes: [{ Action: 'CREATE', ResourceRecordSet: record }] }
  const by = zone.role === undefined ? '' : ` (with credentials of ${zone.role})`
  return {
    why: `Let it lead to the environment that is live, once and by hand${by}, and run this again. If that is ${to}:`,
    command: `aws route53 change-resource-record-sets --hosted-zone-id ${shellWord(zone.id)} --change-batch ${shellWord(JSON.stringify(batch))}`,
  }
}
