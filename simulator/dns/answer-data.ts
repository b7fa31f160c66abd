import type { Answer } from 'dns-packet'
import type { DnsRecord } from './names.ts'

/** A record as the wire needs it; its text is read as in a zone file [RFC 1035]. */
export function answerData({ name, type, ttl, data }: DnsRecord): Answer {
  const head = { name, ttl, class: 'IN' } as const
  const fields = data.split(/\s+/)
  const field = (at: number) => fields[at] ?? ''
  switch (type) {
    case 'A':
    case 'AAAA':
      return { ...head, type, data }
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...head, type, data: withoutDot(data) }
    case 'TXT':
      return { ...head, type, data: strings(data) }
    case 'MX':
      return { ...head, type, data: { preference: Number(field(0)), exchange: withoutDot(field(1)) } }
    case 'SRV':
      return {
        ...head,
        type,
        data: {
          priority: Number(field(0)),
          weight: Number(field(1)),
          port: Number(field(2)),
          target: withoutDot(field(3)),
        },
      }
    case 'CAA':
      return { ...head, type, data: caa(field(0), field(1), strings(fields.slice(2).join(' '))) }
    case 'SOA': {
      const [serial, refresh, retry, expire, minimum] = fields.slice(2).map(Number)
      return {
        ...head,
        type,
        data: {
          mname: withoutDot(field(0)),
          rname: withoutDot(field(1)),
          serial: serial ?? 1,
          refresh: refresh ?? 0,
          retry: retry ?? 0,
          expire: expire ?? 0,
          minimum: minimum ?? 0,
        },
      }
    }
  }
}

const withoutDot = (name: string) => name.replace(/\.$/, '')

const strings = (text: string): Buffer[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    Buffer.from(
      (quoted ?? plain ?? '').replace(/\\(\d{3}|.)/g, (_, escaped: string) => unescaped(escaped)),
      'latin1',
    ),
  )

/** Route 53 writes octal numbers. [R53:ResourceRecordTypes] */
const unescaped = (escaped: string) =>
  escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped

const caa = (flags: string, tag: string, [value]: readonly Buffer[]) => ({
  flags: Number(flags),
  tag: tag as 'issue',
  value: value?.toString('latin1') ?? '',
  issuerCritical: (Number(flags) & 128) !== 0,
})
