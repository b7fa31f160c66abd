import { Failure } from './errors.ts'
import type { Run } from './run.ts'

/** The whole production name: what this run knows, else the input's, else the journal's; undefined when nobody said it. */
export async function knownProductionCname(run: Run): Promise<string | undefined> {
  const { beanstalk, journal } = run.ports
  if (run.record.productionCname !== undefined) return run.record.productionCname
  const wanted = run.settings.productionCname
  if (wanted === undefined) return journal.state.productionCname
  return wanted.includes('.') ? wanted.toLowerCase() : beanstalk.cnameOf(wanted)
}

/** The same, for what may only be done to an environment without traffic. Throws Failure when nobody said it. */
export async function sureProductionCname(run: Run, id: string): Promise<string> {
  const cname = await knownProductionCname(run)
  if (cname === undefined) throw new Failure(`Nobody knows whether ${id} has production traffic; it stays.`)
  return cname
}
