import type { Environment } from './environment.ts'
import type { Run } from './run.ts'

/** What was ended is nothing to look at any more: its address, and what could be asked of it, are left out. */
export function forgetEnded({ record }: Run, { id, cname }: Pick<Environment, 'id' | 'cname'>): void {
  const address = `http://${cname}`
  if (record.candidateUrl === address) delete record.candidateUrl
  const leads = ({ command = '' }) => command.includes(address) || command.includes(id)
  record.remedies.splice(0, Infinity, ...record.remedies.filter((one) => !leads(one)))
}
