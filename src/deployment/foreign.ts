import { type Effect, sentence } from './effects.ts'
import type { Run } from './run.ts'
import { warn } from './run.ts'

/**
 * Takes out of the journal what is not about this pair. The journal is a hint, never an order: whoever may write to
 * the bucket could have written it, and nothing outside the pair is ever touched because it says so.
 */
export async function dropForeign(run: Run): Promise<void> {
  const { journal } = run.ports
  const { pending, kept } = journal.state
  const foreign: Effect[] = []
  for (const effect of [...pending, ...kept]) if (await isForeign(run, effect)) foreign.push(effect)
  if (foreign.length === 0) return
  await journal.write((now) => ({
    ...now,
    pending: now.pending.filter((effect) => !foreign.includes(effect)),
    kept: now.kept.filter((effect) => !foreign.includes(effect)),
  }))
  for (const effect of foreign)
    warn(
      run,
      `The journal names something that does not belong to this pair, and it is left alone: ${sentence(effect)}.`,
    )
}

async function isForeign(run: Run, effect: Effect): Promise<boolean> {
  const { blueEnvironment, greenEnvironment } = run.settings
  const isOwnName = (name: string) => name === blueEnvironment || name === greenEnvironment
  switch (effect.what) {
    case 'route':
      return !(await areOwn(run, [effect.from, effect.to], isOwnName))
    case 'terminate':
      return !(await areOwn(run, [effect.environment], isOwnName))
    case 'create-environment':
      return !isOwnName(effect.name)
    case 'create-template':
      return !effect.name.startsWith('blue-green-')
    case 'attach':
      return !isOwnName(effect.name) || !(await areOwn(run, [effect.environment], isOwnName))
    case 'hold-capacity':
      return !(await areOwn(run, [effect.environment], isOwnName)) || !(await isGroupOf(run, effect))
  }
}

/** An environment that is gone is nobody's, and does no harm. */
async function areOwn(
  run: Run,
  ids: readonly string[],
  isOwnName: (name: string) => boolean,
): Promise<boolean> {
  const found = await run.ports.beanstalk.read(ids)
  return found.every(({ name }) => isOwnName(name))
}

async function isGroupOf(
  run: Run,
  { environment, group }: { readonly environment: string; readonly group: string },
): Promise<boolean> {
  const own = await run.ports.capacity.read(environment)
  return own === undefined || own.name === group
}
