import { invalid } from './errors.ts'

/** What a call asks for of a long answer. */
export interface PageInput {
  readonly MaxRecords?: number | undefined
  readonly NextToken?: string | undefined
}

/** One page of a list, and the token of the next; without MaxRecords all of it. A token that AWS did not give is refused. */
export function page<T>(
  items: readonly T[],
  { MaxRecords = items.length, NextToken = '0' }: PageInput,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  if (!/^\d+$/.test(NextToken)) throw invalid('Invalid NextToken.')
  const from = Number(NextToken)
  const end = from + MaxRecords
  return { items: items.slice(from, end), next: end < items.length ? { NextToken: String(end) } : {} }
}
