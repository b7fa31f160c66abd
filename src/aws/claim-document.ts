import { pairOf } from './keys.ts'
import { newerVersion, parseObject } from './state-document.ts'

/** What a claim on an environment says. */
export interface Claim {
  /** The key of the state object of the pair that worked on the environment last. */
  readonly pair: string
  /** Keys of pairs that may still be at work on it: the claim has not been confirmed against them. */
  readonly besides: readonly string[]
}

const schema = 1

/** The claim as it goes to S3; `nonce` is new in every write: equal bodies would have equal ETags (G). */
export const toClaimBody = (claim: Claim, nonce: string): string =>
  `${JSON.stringify({ schema, nonce, ...claim }, undefined, 2)}\n`

/**
 * The claim on `environment` from S3. Undefined for anything that no version wrote, and for pairs that the environment
 * is not in: a claim is only a hint. Throws Failure for a newer version's.
 */
export function fromClaimBody(
  body: string,
  { url, environment }: { readonly url: string; readonly environment: string },
): Claim | undefined {
  const read = parseObject(body)
  if (!read || typeof read.schema !== 'number') return undefined
  if (read.schema > schema) throw newerVersion(url, read.schema)
  const isKey = (key: unknown): key is string =>
    typeof key === 'string' && pairOf(key)?.environments.includes(environment) === true
  const { pair, besides } = read
  if (!isKey(pair) || !Array.isArray(besides) || !besides.every(isKey)) return undefined
  return { pair, besides }
}
