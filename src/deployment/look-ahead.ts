import type { Environment } from './environment.ts'
import { knownProductionName } from './production-name.ts'
import type { Run } from './run.ts'

/**
 * Learns, while the lock is being taken, what does not change: which environments there are, the names of their groups,
 * the whole production name. These are hints: everything is read again under the lock. Answers the members.
 */
export async function lookAhead(run: Run): Promise<readonly Environment[]> {
  const { beanstalk, capacity } = run.ports
  const { blueEnvironment, greenEnvironment, productionName } = run.settings
  const [members, cname] = await Promise.all([
    beanstalk.find([blueEnvironment, greenEnvironment]),
    productionName === undefined ? undefined : knownProductionName(run),
  ])
  if (cname !== undefined) run.record.productionName = cname
  // Only for the names, which the port remembers; nobody waits for them.
  for (const { id } of members) capacity.read(id).catch(() => undefined)
  return members
}
