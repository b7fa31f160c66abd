/** An HTTP request as it arrives at an AWS endpoint. */
export interface WireRequest {
  readonly method: string
  /** With its query, percent-encoded as on the wire. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** `reset`: the connection is reset. `never`: no answer will ever come. */
export type WireOutcome = WireResponse | 'reset' | 'never'

/** The path without its query, still percent-encoded, and the query. */
export function splitPath(path: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = path.indexOf('?')
  if (mark < 0) return { path, query: new URLSearchParams() }
  return { path: path.slice(0, mark), query: new URLSearchParams(path.slice(mark + 1)) }
}

export const text = (body: string): Uint8Array => new TextEncoder().encode(body)
