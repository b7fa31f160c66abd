import type { Certificate } from '../certificates/store.ts'
import type { AppRequest, AppResponse } from './data-plane.ts'

/** What a front does with the requests of one port. */
export interface Listener {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  /** Of HTTPS; the first is the default. */
  readonly certificates: readonly Certificate[]
  /** Asked for every request, with the environment that the front belongs to. */
  readonly decide: (request: AppRequest, own: string) => Decision
}

/** What a front does with one request; `cookies` are set along with the answer. */
export type Decision =
  | { readonly is: 'answer'; readonly response: AppResponse }
  /** The next instance of this environment. */
  | { readonly is: 'environment'; readonly environment: string; readonly cookies: readonly string[] }
  /** This instance; what it answers is the traffic of that environment. */
  | {
      readonly is: 'instance'
      readonly instance: string
      readonly environment: string | undefined
      readonly cookies: readonly string[]
    }

/** To the front's own application. */
export const toApplication: Listener['decide'] = (_, own) => ({
  is: 'environment',
  environment: own,
  cookies: [],
})

/** To a port of the instances at which nothing listens. */
export const toNothing: Listener['decide'] = () => ({
  is: 'answer',
  response: { status: 502, headers: {}, body: '502 Bad Gateway' },
})

/** Port 80, plain, everything to the application: what an environment has when nobody asks for more. */
export const plainHttp: Listener = {
  port: 80,
  protocol: 'HTTP',
  certificates: [],
  decide: toApplication,
}
