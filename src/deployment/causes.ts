import type { Run } from './run.ts'

/** Why Beanstalk finds the environment unhealthy, as a sentence to append; empty when it does not say. */
export async function causesOf(run: Run, id: string): Promise<string> {
  const causes = await run.ports.beanstalk.causes(id).catch(() => [])
  return causes.length > 0 ? ` Beanstalk's causes: ${causes.join(' ')}` : ''
}
