import { isIPv4, isIPv6 } from 'node:net'
import type { RecordSet, RecordType } from './record-table.ts'

/** What is wrong with the values of a record, in Route 53's words: of A, AAAA, TXT [log], of too many [issue rancher/rancher#10253]; others are assumed. */
export function valueProblems({ Type, Name, ResourceRecords = [] }: RecordSet): readonly string[] {
  const values = ResourceRecords.map(({ Value = '' }) => Value)
  if (new Set(values).size < values.length)
    return [`Duplicate Resource Record: '${values.find((one, at) => values.indexOf(one) !== at)}'`]
  if (values.length > MOST_VALUES) return [`Cannot have more than ${MOST_VALUES} records in a RRSet.`]
  if (ONE_VALUE.has(Type) && values.length > 1)
    return [`RRSet of type ${Type} with DNS name ${Name} can only have one resource record.`]
  return values.flatMap((value) => {
    const problem = problemOf(Type, value)
    return problem ? [`Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`] : []
  })
}

/** [R53:DNSLimitations] */
const MOST_VALUES = 400

const ONE_VALUE: ReadonlySet<RecordType> = new Set<RecordType>(['CNAME', 'SOA'])

function problemOf(type: RecordType, value: string): string | undefined {
  switch (type) {
    case 'A':
      return isIPv4(value) ? undefined : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'
    case 'AAAA':
      return isIPv6(value) ? undefined : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'
    case 'TXT':
    case 'SPF':
      return QUOTED.test(value)
        ? undefined
        : 'InvalidCharacterString (Value should be enclosed in quotation marks)'
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return /^[^\s.]+(\.[^\s.]+)*\.?$/.test(value)
        ? undefined
        : 'InvalidDomainName (Value is not a domain name)'
    case 'MX':
      return /^\d+\s+\S+$/.test(value) ? undefined : 'RRDATANotTwoFields (Value should have two fields)'
    case 'CAA':
    case 'DS':
    case 'HTTPS':
    case 'NAPTR':
    case 'SOA':
    case 'SRV':
    case 'SSHFP':
    case 'SVCB':
    case 'TLSA':
      return undefined
  }
}

const QUOTED = /^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/
