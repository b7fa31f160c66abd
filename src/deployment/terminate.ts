import { isEnding } from './environment.ts'
import { Failure } from './errors.ts'
import { wholeOf } from './move-traffic.ts'
import { sureProductionCname } from './production-cname.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'

/** Asks for the end of an environment, after looking that it is not what production reaches. Does not wait for it. */
export async function terminate(run: Run, id: string): Promise<void> {
  const { beanstalk, journal, routerFor } = run.ports
  const [environment] = await beanstalk.read([id])
  if (!environment || isEnding(environment)) return
  const productionCname = await sureProductionCname(run, id)
  if (wholeOf(await routerFor({ ids: [id], productionCname }).read()) === id)
    throw new Failure(`${environment.name} (${id}) has production traffic; it stays.`)
  // Whoever waited for users to leave may have lost the lock meanwhile, and finds out here.
  await journal.write((now) => now)
  run.signal.throwIfAborted()
  if (await maybe(() => beanstalk.terminate(id))) return
  run.ports.report.line(
    `The answer to the termination of ${environment.name} was lost; the next look will tell.`,
  )
}
