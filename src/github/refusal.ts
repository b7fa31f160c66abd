import { messageOf } from '../deployment/errors.ts'

/** Too many requests [docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api]. */
export function isLimit(thrown: unknown): boolean {
  const { status, response } = refusalOf(thrown) ?? { status: 0, response: { headers: {}, data: '' } }
  if (status === 429) return true
  const { headers } = response
  return status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0')
}

/** No answer, or one from somebody on the way. */
export function isPassing(thrown: unknown): boolean {
  const refused = refusalOf(thrown)
  return refused === undefined || refused.status >= 500
}

/** The token may not do this [docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api]. */
export const isPermission = (thrown: unknown): boolean =>
  refusalOf(thrown)?.status === 403 && !isLimit(thrown)

/** Why, in a sentence that quotes nothing but GitHub's own message. */
export function reasonOf(thrown: unknown): string {
  const refused = refusalOf(thrown)
  if (!refused) return `${messageOf(thrown)}.`
  const { status, response } = refused
  if (isLimit(thrown)) return `it answers ${status}, too many requests. Nothing more is sent to it.`
  if (status === 401) return 'it does not know the token of `github-token`.'
  // An error page of somebody's is no sentence.
  const { data } = response
  const says =
    typeof data === 'object' && data !== null && 'message' in data ? `, ${String(data.message)}` : ''
  return `it answers ${status}${says}.`
}

interface Refused {
  readonly status: number
  readonly response: {
    readonly headers: Readonly<Record<string, string | undefined>>
    readonly data: unknown
  }
}

const refusalOf = (thrown: unknown): Refused | undefined =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'status' in thrown &&
  'response' in thrown &&
  thrown.response
    ? (thrown as Refused)
    : undefined
