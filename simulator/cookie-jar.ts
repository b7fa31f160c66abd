import type { Clock } from './clock.ts'
import type { AppResponse } from './data-plane/data-plane.ts'

/** The cookies of one user at one address. */
export interface CookieJar {
  /** What goes along with the next request. */
  headers(): Readonly<Record<string, string>>
  keep(response: AppResponse): void
}

/** An empty jar: cookies are kept until they expire, by their names only. [RFC 6265] */
export function createCookieJar(clock: Clock): CookieJar {
  const cookies = new Map<string, { readonly value: string; readonly until: number }>()
  return {
    headers() {
      const now = clock.now()
      const current = [...cookies].filter(([, { until }]) => until > now)
      return current.length === 0
        ? {}
        : { cookie: current.map(([name, { value }]) => `${name}=${value}`).join('; ') }
    },
    keep({ headers }) {
      for (const text of split(headers['set-cookie'] ?? '')) {
        const [, name, value = ''] = /^\s*([^=;]+)=([^;]*)/.exec(text) ?? []
        const expires = /;\s*Expires=([^;]+)/i.exec(text)?.[1]
        const until = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires)
        if (name !== undefined) cookies.set(name, { value, until })
      }
    },
  }
}

/** Several cookies in one text; the comma of a date does not part them. */
const split = (text: string): readonly string[] => (text === '' ? [] : text.split(/,\s*(?=[^;,\s]+=)/))
