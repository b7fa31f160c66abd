import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type Packet,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet'
import type { DnsRecord, Names } from './names.ts'

/**
 * What the authoritative server answers: the chain of a name for A, its first link for CNAME, NODATA with an SOA
 * record for every other type, NXDOMAIN with an SOA record where there is nothing [RFC 2308], also at the end of a
 * chain that leads nowhere [RFC 6604].
 */
export function answerTo(query: Packet, names: Names): Packet {
  const [question] = query.questions ?? []
  const flags = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((query.flags ?? 0) & RECURSION_DESIRED)
  const head = { type: 'response', id: query.id ?? 0, questions: query.questions ?? [] } as const
  if (!question) return { ...head, flags: flags | FORMERR }

  const chain = names.resolve(question.name.toLowerCase().replace(/\.$/, ''))
  const links = chain.filter(({ type }) => type === 'CNAME')
  const nothing = { authorities: [startOfAuthority(question.name)] }
  if (chain.length === 0) return { ...head, ...nothing, flags: flags | NXDOMAIN }
  if (question.type === 'CNAME') {
    const first = chain.slice(0, 1).filter(({ type }) => type === 'CNAME')
    return { ...head, flags, answers: first.map(toAnswer), ...(first.length === 0 && nothing) }
  }
  if (links.length === chain.length) {
    return { ...head, ...nothing, flags: flags | NXDOMAIN, answers: links.map(toAnswer) }
  }
  if (question.type === 'A') return { ...head, flags, answers: chain.map(toAnswer) }
  return { ...head, ...nothing, flags, answers: links.map(toAnswer) }
}

const FORMERR = 1
const NXDOMAIN = 3

const toAnswer = ({ name, type, ttl, data }: DnsRecord): Answer => ({ name, type, ttl, data, class: 'IN' })

/** The zone is taken to be the last two labels. What is not there is remembered for 900 s, as in Route 53's zones. */
function startOfAuthority(name: string): Answer {
  const zone = name.split('.').slice(-2).join('.')
  const data = {
    mname: `ns-1.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 7_200,
    retry: 900,
    expire: 1_209_600,
    minimum: 86_400,
  }
  return { name: zone, type: 'SOA', ttl: 900, class: 'IN', data }
}
