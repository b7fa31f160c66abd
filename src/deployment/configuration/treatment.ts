import type { Environment } from '../environment.ts'
import { isMadeHere } from '../made-here.ts'
import type { Settings } from '../settings.ts'

/** What is done about a candidate that is configured differently from live. */
export type Treatment = Exclude<Settings['configuration'], 'auto'>

/**
 * What we did not create is somebody's own, who may mean it: nothing is overwritten there, and nothing passed over. What
 * we created was made like live, and is kept so; or from a saved configuration, which is meant then.
 */
export function treatmentOf(
  { configuration, template }: Pick<Settings, 'configuration' | 'template'>,
  candidate: Environment,
): Treatment {
  if (configuration !== 'auto') return configuration
  if (!isMadeHere(candidate)) return 'fail'
  return template === undefined ? 'sync' : 'keep'
}
