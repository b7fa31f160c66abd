import { distance } from './distance.ts'
import { type Environment, isEnding } from './environment.ts'
import { type Run, warn } from './run.ts'
import type { Plan } from './stages/plan.ts'

/** Says that the environment to be created may be a slip of the pen for one that is there. Nothing is refused. */
export async function warnOfSlip(run: Run, { live, other }: Plan): Promise<void> {
  if (other.now) return
  const slip = slipOf(other.name, { besides: live.name, all: await run.ports.beanstalk.all() })
  if (slip !== undefined) warn(run, `${slip} If it is, stop this run before it has moved production.`)
}

/**
 * Says that a member that does not exist has nearly the name of an environment outside of the pair. Names that differ
 * in digits alone are meant so: previews are numbered.
 */
export function slipOf(
  missing: string,
  { besides, all }: { readonly besides: string; readonly all: readonly Environment[] },
): string | undefined {
  const meant = all.find(
    (one) =>
      one.name !== besides && !isEnding(one) && isNearly(missing.toLowerCase(), one.name.toLowerCase()),
  )
  return meant && `${missing} does not exist and is created. ${meant.name} does exist: is that a slip?`
}

const isNearly = (one: string, other: string): boolean =>
  distance(one, other) <= 2 && unnumbered(one) !== unnumbered(other)

const unnumbered = (name: string): string => name.replace(/-?\d+/g, '')
