/** Where a pair's state is kept; the same for both orders of its names. */
export const stateKey = (application: string, environments: readonly string[]): string =>
  `blue-green/${application}/${[...environments].sort().join('+')}.json`

/** Where the claim on an environment is kept. */
export const claimKey = (environment: string): string => `blue-green/claims/${environment}.json`

/** The pair that a state object belongs to, by its key; undefined for any other key. */
export function pairOf(key: string): Pair | undefined {
  const [, application, one, other] = /^blue-green\/([^/]+)\/([^/+]+)\+([^/+]+)\.json$/.exec(key) ?? []
  return application && one && other ? { application, environments: [one, other] } : undefined
}

/** A pair as its state object's key names it. */
export interface Pair {
  readonly application: string
  readonly environments: readonly [string, string]
}
