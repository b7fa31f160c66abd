/** One record of an answer. */
export interface DnsRecord {
  readonly name: string
  readonly type: 'A' | 'CNAME'
  /** Seconds. */
  readonly ttl: number
  readonly data: string
}

/** What the authoritative servers of the simulated world know: an empty list is NXDOMAIN. */
export interface Names {
  /** The chain of records for an A question, in order. */
  resolve(name: string): readonly DnsRecord[]
}
