import { AUTHORITATIVE_ANSWER, type Packet, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet'
import { answerData } from './answer-data.ts'
import type { DnsRecord, DnsType, Names } from './names.ts'

/**
 * What the authoritative server answers: the chain of a name for the type that is asked for, its first link for CNAME,
 * NODATA with an SOA record where there is nothing of that type, NXDOMAIN with an SOA record where there is nothing at all
 * [RFC 2308], also at the end of a chain that leads nowhere [RFC 6604].
 */
export function answerTo(query: Packet, names: Names): Packet {
  const [question] = query.questions ?? []
  const flags = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((query.flags ?? 0) & RECURSION_DESIRED)
  const head = { type: 'response', id: query.id ?? 0, questions: query.questions ?? [] } as const
  if (!question) return { ...head, flags: flags | FORMERR }

  const name = question.name.toLowerCase().replace(/\.$/, '')
  const type = typeOf(question.type)
  const chain = names.resolve(name, type)
  const first = chain[0]?.type === 'CNAME' ? chain.slice(0, 1) : []
  const links = chain.filter((record) => record.type === 'CNAME')
  const answers =
    type === 'CNAME'
      ? first
      : chain.filter((record) => record.type === question.type || record.type === 'CNAME')
  if (type === 'CNAME' ? first.length > 0 : answers.length > links.length)
    return { ...head, flags, answers: answers.map(answerData) }

  const last = links.at(-1)?.data ?? name
  const { exists, soa } = names.nothing?.(last) ?? {
    exists: chain.length > links.length,
    soa: startOfAuthority(name),
  }
  return {
    ...head,
    flags: exists ? flags : flags | NXDOMAIN,
    answers: answers.map(answerData),
    authorities: [answerData(soa)],
  }
}

const FORMERR = 1
const NXDOMAIN = 3

/** Types that the servers cannot answer are asked for as one that hardly any name has. */
const typeOf = (asked: string): DnsType => (TYPES.includes(asked as DnsType) ? (asked as DnsType) : 'CAA')

const TYPES: readonly DnsType[] = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']

/** The zone is taken to be the last two labels. What is not there is remembered for 900 s, as in Route 53's zones. */
function startOfAuthority(name: string): DnsRecord {
  const zone = name.split('.').slice(-2).join('.')
  const data = `ns-1.${zone} hostmaster.${zone} 1 7200 900 1209600 86400`
  return { name: zone, type: 'SOA', ttl: 900, data }
}
