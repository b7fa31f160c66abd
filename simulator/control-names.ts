import { AwsError } from './cloud.ts'
import type { Simulator } from './simulator.ts'

/** What an order from outside came to: what now is, or why it cannot be, as a sentence. */
export type Ordered = { readonly is: unknown } | { readonly refused: string }

/** `POST /_simulator/certificates`: a certificate for these names. */
export function orderCertificate({ certificates }: Simulator, order: unknown): Ordered {
  const { names, arn } = asObject(order)
  if (!isTexts(names)) return { refused: 'A certificate needs `names`: a list such as ["shop.example.com"]' }
  if (arn !== undefined && typeof arn !== 'string') return { refused: '`arn` must be a text' }
  return orderOf(() => certificates.add({ names, arn }))
}

/** `POST /_simulator/names`: a record of the team's own zone. */
export function orderName({ zone }: Simulator, order: unknown): Ordered {
  const { name, cname, alias, ttl } = asObject(order)
  const to = cname ?? alias
  if (typeof name !== 'string' || typeof to !== 'string' || (cname !== undefined && alias !== undefined))
    return { refused: 'A name needs `name`, and `cname` or `alias`: the name that it leads to' }
  if (ttl !== undefined && (typeof ttl !== 'number' || !(ttl >= 0)))
    return { refused: '`ttl` must be a number of seconds' }
  return orderOf(() => {
    const record = { name, to, type: cname === undefined ? 'alias' : 'CNAME', ttl } as const
    zone.point(record)
    return record
  })
}

function orderOf(work: () => unknown): Ordered {
  try {
    return { is: work() }
  } catch (error) {
    if (error instanceof AwsError) return { refused: error.message }
    throw error
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
