/** The types that the simulated world's servers can answer. */
export type DnsType = 'A' | 'AAAA' | 'CAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT'

/** One record of an answer. */
export interface DnsRecord {
  readonly name: string
  readonly type: DnsType
  /** Seconds. */
  readonly ttl: number
  /** As in a zone file: a TXT record's is quoted, an MX record's has two fields. */
  readonly data: string
}

/** What the zone of a name says where it has no record of the type that was asked for. */
export interface Nothing {
  /** There are records of other types: no NXDOMAIN. */
  readonly exists: boolean
  readonly soa: DnsRecord
}

/** What the authoritative servers of the simulated world know: an empty list is NXDOMAIN. */
export interface Names {
  /** The chain of records for a question of this type, in order; A when left out. Every call is a query of its own. */
  resolve(name: string, type?: DnsType): readonly DnsRecord[]
  /** Undefined for names of no hosted zone. */
  nothing?(name: string): Nothing | undefined
  /** Whether the load balancer behind a name of AWS's has a healthy target. */
  isHealthy?(name: string): boolean
}
