import { resize } from './resize.ts'
import type { Run } from './run.ts'

/**
 * Brings an environment that has production again back to as many instances as were held for it, should somebody have
 * shrunk it meanwhile. Only the desired capacity: its own bounds stay, and Auto Scaling may shrink it later.
 */
export async function fillUp(run: Run, environment: string): Promise<void> {
  const { capacity, journal, report } = run.ports
  const held = [...journal.state.pending, ...journal.state.kept].flatMap((one) =>
    one.what === 'hold-capacity' && one.environment === environment ? one.after.min : [],
  )
  const group = await capacity.read(environment)
  if (!group) return
  const desired = Math.min(Math.max(0, ...held), group.max)
  if (group.desired >= desired) return
  report.line(`${group.name} was shrunk to ${group.desired} meanwhile, and gets ${desired} instances again.`)
  await resize(run, group.name, { desired })
}
