import dns from 'node:dns'
import { isIP } from 'node:net'

/** Answers the IPv4 addresses of a host name, sorted; empty when they cannot be told from here. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** Answers the name that a host name is a CNAME of; undefined when it is none, or that cannot be told from here. */
export type AliasOf = (host: string) => Promise<string | undefined>

const patience = 5_000

/**
 * Asks the process's own name servers (aliases are followed), so that the answer is what users elsewhere get and not
 * what a hosts file says. An IP address answers itself; no answer within five seconds is an empty one. Never throws.
 */
export const resolveHost: Resolve = async (host) =>
  isIP(host) ? [host] : ((await soon(async () => (await dns.promises.resolve4(host)).sort())) ?? [])

/** The same for the name's own CNAME record. An IP address has none. Never throws. */
export const resolveAlias: AliasOf = async (host) =>
  isIP(host) ? undefined : soon(async () => (await dns.promises.resolveCname(host))[0]?.toLowerCase())

/** Undefined when it fails or takes too long. Looked up in the module every time: `setServers` puts other functions there. */
async function soon<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patience, undefined)
  })
  try {
    return await Promise.race([ask(), tooLate])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
