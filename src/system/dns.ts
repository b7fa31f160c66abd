import dns from 'node:dns'
import { isIP } from 'node:net'

/** Answers the IPv4 addresses of a host name, sorted; empty when they cannot be told from here. */
export type Resolve = (host: string) => Promise<readonly string[]>

const patience = 5_000

/**
 * Asks the process's own name servers (aliases are followed), so that the answer is what users elsewhere get and not
 * what a hosts file says. An IP address answers itself; no answer within five seconds is an empty one. Never throws.
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host)) return [host]
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, patience, [])
  })
  try {
    return await Promise.race([ask(host), tooLate])
  } catch {
    return []
  } finally {
    clearTimeout(timer)
  }
}

/** Looked up in the module every time: `setServers` puts another function there. */
const ask = async (host: string): Promise<readonly string[]> => (await dns.promises.resolve4(host)).sort()
