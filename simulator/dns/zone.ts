import { AwsError } from '../cloud.ts'
import type { DnsRecord, DnsType, Names } from './names.ts'

/** A record of the team's own zone. */
export interface ZoneRecord {
  readonly name: string
  /** What it leads to: an environment's CNAME, a load balancer's name, another name of the zone. */
  readonly to: string
  /** `alias`: Route 53's, of which clients see only the addresses. */
  readonly type: 'CNAME' | 'alias'
  /** Seconds; 60 when left out. An alias has its target's. */
  readonly ttl?: number | undefined
}

/** Names outside of Route 53, such as `shop.example.com`: single records that are there at once, in front of every hosted zone. */
export interface Zone {
  /** Sets a record, in place of the one of that name. Throws AwsError for a name that is AWS's. */
  point(record: ZoneRecord): void
  records(): readonly ZoneRecord[]
  /** These names and those of AWS. */
  readonly names: Names
}

/** An empty zone in front of AWS's names. */
export function createZone(aws: Names): Zone {
  const records = new Map<string, ZoneRecord>()

  const resolve = (asked: string, type: DnsType, hops: number): readonly DnsRecord[] => {
    const name = plain(asked)
    const record = records.get(name)
    if (!record) return aws.resolve(name, type)
    const chain = hops === 0 ? [] : resolve(record.to, type, hops - 1)
    if (record.type === 'CNAME')
      return [{ name, type: 'CNAME', ttl: record.ttl ?? 60, data: record.to }, ...chain]
    return chain.filter(({ type }) => type === 'A').map((one) => ({ ...one, name }))
  }

  return {
    point(record) {
      const [name, to] = [plain(record.name), plain(record.to)]
      for (const one of [name, to])
        if (!/^([a-z0-9_-]+\.)+[a-z0-9-]+$/.test(one))
          throw new AwsError('InvalidDomainName', `${one} is no name for a DNS record.`)
      if (/(^|\.)(elasticbeanstalk\.com|amazonaws\.com)(\.cn)?$/.test(name))
        throw new AwsError('InvalidDomainName', `${name} is not a name of your own zone.`)
      records.set(name, { ...record, name, to })
    },
    records: () => [...records.values()],
    names: {
      resolve: (name, type = 'A') => resolve(name, type, MOST_HOPS),
      nothing: (name) => (records.has(plain(name)) ? undefined : aws.nothing?.(name)),
    },
  }
}

const MOST_HOPS = 8

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '')
