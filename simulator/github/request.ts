/** One request as it arrived. */
export interface GithubRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What GitHub answers; `body` becomes JSON unless it is a text. */
export interface GithubAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** `never`: the request is left without an answer; `reset`: the connection is cut. */
export type GithubOutcome = GithubAnswer | 'never' | 'reset'

/** A request to a route, taken apart and checked. */
export interface Call {
  /** `owner/name`. */
  readonly repository: string
  /** The number in the path; 0 when there is none. */
  readonly id: number
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  /** Milliseconds. */
  readonly now: number
  /** Where this GitHub is, for the addresses in its answers. */
  readonly base: string
}
