import { distance } from './distance.ts'
import { type Environment, isEnding } from './environment.ts'
import { type Run, warn } from './run.ts'
import type { Plan } from './stages/plan.ts'

/**
 * Says that the environment to be created may be a slip of the pen for one that is there: it is nearly called so, or
 * live was one of a pair with it before. Nothing is refused: pairs may be taken apart.
 */
export async function warnOfSlip(run: Run, { live, other }: Plan): Promise<void> {
  if (other.now) return
  const all = await run.ports.beanstalk.all()
  const slip =
    slipOf(other.name, { besides: live.name, all }) ?? newPartner(run, live, { name: other.name, all })
  if (slip !== undefined) warn(run, `${slip} If it is, stop this run before it has moved production.`)
}

function newPartner(
  { record }: Run,
  live: Environment,
  { name, all }: { readonly name: string; readonly all: readonly Environment[] },
): string | undefined {
  const partners = record.shared.flatMap(({ environment, pair }) => (environment === live.name ? pair : []))
  const former = all.find((one) => one.name !== live.name && !isEnding(one) && partners.includes(one.name))
  return (
    former &&
    `${name} does not exist and is created. Before, ${live.name} was one of a pair with ${former.name}, which does exist: is that a slip?`
  )
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
