import { Failure } from '../deployment/errors.ts'
import type { Instant, PairState } from '../deployment/ports.ts'

/** What the object in S3 says. */
export interface StateDocument {
  readonly state: PairState
  /** New in every write: equal bodies would have equal ETags (G). */
  readonly nonce: string
  /** When its holder took the lock, by S3's clock. */
  readonly heldSince: Instant | undefined
}

const schema = 1

/** A pair of which nothing is known yet. */
export const emptyState: PairState = {
  holder: undefined,
  productionName: undefined,
  pending: [],
  kept: [],
  promotions: [],
}

/** The document as it goes to S3. */
export const toBody = ({ state, nonce, heldSince }: StateDocument): string =>
  `${JSON.stringify({ schema, nonce, heldSince, ...state }, undefined, 2)}\n`

/** The document from S3; `url` is for messages. Throws Failure for anything that this version did not write. */
export function fromBody(body: string, url: string): StateDocument {
  const read = parseObject(body)
  if (typeof read?.schema === 'number' && read.schema > schema) throw newerVersion(url, read.schema)
  if (!read || read.schema !== schema || !isState(read))
    throw new Failure(`${url} is not the state of a pair as this action writes it, and is left alone.`, [
      { why: 'Look at it:', command: `aws s3 cp '${url}' -` },
      { why: 'If it is of no use, delete it:', command: `aws s3 rm '${url}'` },
    ])
  const { holder, productionName, trafficInputs, pending, kept, promotions, durations } = read
  const state: PairState = { holder, productionName, trafficInputs, pending, kept, promotions, durations }
  return { state, nonce: String(read.nonce), heldSince: read.heldSince }
}

/** An older version of the action must not touch what a newer one keeps. */
export const newerVersion = (url: string, schema: number): Failure =>
  new Failure(`${url} was written by a newer version of this action (schema ${schema}).`, [
    { why: 'Use the newest version of the action in every workflow that deploys to this pair.' },
  ])

type Read = Readonly<Record<string, unknown>>

/** The members of a JSON object; undefined for anything else. */
export function parseObject(body: string): Read | undefined {
  try {
    const read: unknown = JSON.parse(body)
    return typeof read === 'object' && read !== null ? (read as Read) : undefined
  } catch {
    return undefined
  }
}

function isState(read: Read): read is Read & PairState & { readonly heldSince: Instant | undefined } {
  const { holder, heldSince, productionName } = read
  return (
    [read.pending, read.kept, read.promotions].every(Array.isArray) &&
    (holder === undefined || isHolder(holder)) &&
    (heldSince === undefined || typeof heldSince === 'number') &&
    (productionName === undefined || typeof productionName === 'string')
  )
}

const isHolder = (holder: unknown): boolean => {
  if (typeof holder !== 'object' || holder === null) return false
  const { run, nonce, ttl } = holder as Read
  return typeof run === 'string' && typeof nonce === 'string' && typeof ttl === 'number'
}
