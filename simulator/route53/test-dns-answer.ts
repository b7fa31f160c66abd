import type { Operation } from '../cloud.ts'
import type { DnsType } from '../dns/names.ts'
import { type Answering, answerOf, existsIn } from './answers.ts'
import { findZone, invalidInput } from './errors.ts'
import { isWithin, storedName } from './record-names.ts'
import { who } from './who.ts'

/** What one of a zone's name servers answers to one query: what is PENDING is not seen, and weighted records are drawn among. [BC:route53] */
export const testDnsAnswer =
  (answering: Answering): Operation =>
  ({ HostedZoneId, RecordName, RecordType }: TestDnsAnswer, call) => {
    const { state } = answering
    const zone = findZone(state, HostedZoneId, who(state.cloud, call))
    if (zone.isPrivate) throw invalidInput('This operation only supports public hosted zones.')
    const name = storedName(RecordName)
    if (!isWithin(name, zone.name))
      throw invalidInput(`The record name ${name} is not a name of the zone ${zone.name}`)
    const answer = answerOf(zone, name, RecordType, answering)
    return {
      Nameserver: zone.nameServers[0],
      RecordName: name,
      RecordType,
      RecordData: answer.map(({ data }) => data),
      ResponseCode:
        answer.length > 0 || existsIn(zone, name, state.cloud.clock.now()) ? 'NOERROR' : 'NXDOMAIN',
      Protocol: 'UDP',
    }
  }

interface TestDnsAnswer {
  readonly HostedZoneId: string
  readonly RecordName: string
  readonly RecordType: DnsType
}
