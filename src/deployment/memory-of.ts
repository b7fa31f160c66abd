import type { Promotion } from './ports.ts'

/** What is remembered of a version: it had production, or it was taken back from its bake; undefined: nothing. */
export function memoryOf(
  promotions: readonly Promotion[],
  version: string,
): 'was live' | 'taken back' | undefined {
  const last = promotions.find((one) => one.version === version || one.before?.version === version)
  if (!last) return undefined
  return last.takenBack && last.version !== version ? 'taken back' : 'was live'
}
