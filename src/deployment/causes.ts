import { Failure, type Remedy, type Sick } from './errors.ts'
import type { Run } from './run.ts'

/** The failure of an environment that is not well, with Beanstalk's causes as long as they are there. */
export async function sickness(
  run: Run,
  { id, name }: Sick,
  { says, remedies = [] }: { readonly says: string; readonly remedies?: readonly Remedy[] },
): Promise<Failure> {
  const causes = await run.ports.beanstalk.causes(id).catch(() => [])
  const said = causes.length > 0 ? ` Beanstalk's causes: ${causes.join(' ')}` : ''
  return new Failure(`${says}${said}`, remedies, { id, name, causes })
}
