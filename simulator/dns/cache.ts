import type { Clock } from '../clock.ts'
import type { DnsRecord } from './names.ts'

/** Asks for the chain of records of a name, as `Names.resolve` does, or over the wire; nothing is NXDOMAIN. */
export type Lookup = (name: string) => readonly DnsRecord[] | Promise<readonly DnsRecord[]>

export interface CacheOptions {
  /**
   * From 0 to 1: how much of its TTL the first answer of each name has used up already, because a resolver on the
   * way knew it. Gives every client a moment of its own at which it asks again; 0 when left out.
   */
  readonly firstAge?: () => number
  /** How many times its TTL an answer is kept: more than 1 is a client that does not obey. 1 when left out. */
  readonly ttlFactor?: number
}

/** A client's resolver: IPv4 addresses of a name, none when it does not exist. */
export type Resolver = (name: string) => Promise<readonly string[]>

/**
 * A resolver that keeps each record set for its own TTL, as real ones do: a chain is followed link by link, so that a
 * fresh link may point to a stale one. A name that does not exist is remembered too, for 900 s, the least of TTL and
 * minimum in the SOA record of a Route 53 zone.
 */
export function createResolverCache(clock: Clock, lookup: Lookup, options: CacheOptions = {}): Resolver {
  const { firstAge = () => 0, ttlFactor = 1 } = options
  const known = new Map<string, Known>()

  const learn = (name: string, records: readonly DnsRecord[], ttl: number): Known => {
    const left = known.has(name) ? 1 : 1 - firstAge()
    const learnt = { records, until: clock.now() + ttl * 1_000 * ttlFactor * left }
    known.set(name, learnt)
    return learnt
  }

  const recordsOf = async (name: string): Promise<readonly DnsRecord[]> => {
    const kept = known.get(name)
    if (kept && clock.now() < kept.until) return kept.records
    const answer = await lookup(name)
    for (const link of new Set(answer.map((record) => record.name.toLowerCase()))) {
      const records = answer.filter((record) => record.name.toLowerCase() === link)
      learn(link, records, Math.min(...records.map(({ ttl }) => ttl)))
    }
    const own = answer.filter((record) => record.name.toLowerCase() === name)
    return own.length > 0 ? own : learn(name, [], NEGATIVE_TTL).records
  }

  return async (name) => {
    let link = name.toLowerCase()
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const records = await recordsOf(link)
      const alias = records.find(({ type }) => type === 'CNAME')
      if (!alias) return records.map(({ data }) => data)
      link = alias.data.toLowerCase()
    }
    return []
  }
}

/** Seconds. */
const NEGATIVE_TTL = 900
const MOST_HOPS = 16

interface Known {
  readonly records: readonly DnsRecord[]
  readonly until: number
}
