import { invalid } from './errors.ts'

/** What Describe calls take: an opaque marker, and at most 400 results a page. [BC:elbv2 PageSize] */
export interface PageInput {
  readonly Marker?: string
  readonly PageSize?: number
}

/** One page and the marker of the next; 400 when nobody says, though rules come in hundreds (assumed). */
export function page<T>(all: readonly T[], { Marker, PageSize = 400 }: PageInput) {
  const from = Marker === undefined ? 0 : Number(Marker)
  if (!Number.isInteger(from) || from < 0) throw invalid(`Invalid marker '${Marker}'`)
  const items = all.slice(from, from + PageSize)
  const next = from + items.length
  return { items, next: next < all.length ? { NextMarker: String(next) } : {} }
}
