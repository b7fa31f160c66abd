import { Failure } from './errors.ts'
import type { Run } from './run.ts'

/** The whole production name: what this run knows, else the input's, else the journal's; undefined when nobody said it. */
export async function knownProductionName(run: Run): Promise<string | undefined> {
  const { beanstalk, journal } = run.ports
  if (run.record.productionName !== undefined) return run.record.productionName
  const wanted = run.settings.productionName
  if (wanted === undefined) return journal.state.productionName
  return wanted.includes('.') ? wanted.toLowerCase() : beanstalk.cnameOf(wanted)
}

/** The same, for what may only be done to an environment without traffic. Throws Failure when nobody said it. */
export async function sureProductionName(run: Run, id: string): Promise<string> {
  const cname = await knownProductionName(run)
  if (cname === undefined) throw new Failure(`Nobody knows whether ${id} has production traffic; it stays.`)
  return cname
}
