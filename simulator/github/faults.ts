import type { Clock } from '../clock.ts'
import { refusal } from './refusals.ts'
import type { GithubOutcome, GithubRequest } from './request.ts'
import { timeOf } from './state.ts'

/** What can be ordered to go wrong. `lost`: it happens, and the answer does not arrive. */
export type FaultName =
  | 'unauthorized'
  | 'not-found'
  | 'invalid'
  | 'rate-limit'
  | 'secondary-rate-limit'
  | 'too-many-requests'
  | 'bad-gateway'
  | 'unavailable'
  | 'hang'
  | 'slow'
  | 'reset'
  | 'lost'

export const faultNames: readonly FaultName[] = [
  'unauthorized',
  'not-found',
  'invalid',
  'rate-limit',
  'secondary-rate-limit',
  'too-many-requests',
  'bad-gateway',
  'unavailable',
  'hang',
  'slow',
  'reset',
  'lost',
]

/** A fault for the requests that match; without `times` for all of them. */
export interface FaultOrder {
  readonly fault: FaultName
  readonly method?: string
  /** A part of the path. */
  readonly path?: string
  readonly times?: number
  /** For the limits and `slow`; 60 when left out. */
  readonly seconds?: number
}

export interface OrderedFault extends FaultOrder {
  left: number
}

/** Takes the next fault that was ordered for this request, if there is one. */
export function takeFault(
  faults: readonly OrderedFault[],
  { method, path }: GithubRequest,
): FaultOrder | undefined {
  const found = faults.find(
    (one) =>
      one.left > 0 &&
      (one.method === undefined || one.method === method) &&
      (one.path === undefined || path.includes(one.path)),
  )
  if (found) found.left -= 1
  return found
}

/** What a fault answers; `go on` when the request is answered as ever. */
export async function answerOf(
  { fault, seconds = 60 }: FaultOrder,
  clock: Clock,
): Promise<GithubOutcome | 'go on'> {
  const reset = String(Math.ceil(clock.now() / 1000) + seconds)
  switch (fault) {
    case 'unauthorized':
      return refusal(401, 'Bad credentials')
    case 'not-found':
      return refusal(404, 'Not Found')
    case 'invalid':
      return refusal(422, 'Validation Failed', {
        errors: [{ resource: 'Any', code: 'invalid', field: 'any' }],
      })
    case 'rate-limit':
      return {
        ...refusal(403, `API rate limit exceeded for installation ID 1. (${timeOf(clock.now())})`),
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      }
    case 'secondary-rate-limit':
      return {
        ...refusal(
          403,
          'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        ),
        headers: { 'retry-after': String(seconds) },
      }
    case 'too-many-requests':
      return { ...refusal(429, 'Too many requests'), headers: { 'retry-after': String(seconds) } }
    case 'bad-gateway':
      return {
        status: 502,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502</h1></center></body></html>',
      }
    case 'unavailable':
      return { status: 503, body: { message: 'Service unavailable.' } }
    case 'hang':
      return 'never'
    case 'reset':
      return 'reset'
    case 'slow':
      await clock.sleep(seconds * 1000)
      return 'go on'
    case 'lost':
      return 'go on'
  }
}
