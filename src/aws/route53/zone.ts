import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  InvalidChangeBatch,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import { NotYet, Refused, type Remedy } from '../../deployment/errors.ts'
import { shellWord } from '../../deployment/shell-word.ts'
import type { Clients } from '../clients.ts'
import { type Asked, reading, writingOnce } from '../errors.ts'
import { once } from '../once.ts'
import { isCalled, troubleOf } from '../trouble.ts'
import { plainName, type RecordSet } from './record.ts'

/** A hosted zone, as far as it is asked. */
export interface Zone {
  readonly id: string
  /** The role that may change it, where it is another one than the job's own. */
  readonly role: string | undefined
}

/** More than one page is read only when the name itself has more records than fit on one. */
const pageSize = 300

/**
 * All records of one name, however many the zone has: a list begins where it is told to, and does not filter
 * [BC:route53 ListResourceRecordSets] (C.2). Throws Refused, Unreachable.
 */
export async function recordsOf(clients: Clients, zone: Zone, name: string): Promise<readonly RecordSet[]> {
  const found: ResourceRecordSet[] = []
  let from: {
    StartRecordName?: string
    StartRecordType?: ResourceRecordSet['Type']
    StartRecordIdentifier?: string
  } = { StartRecordName: name }
  while (true) {
    const page = await reading(
      askedOf(zone, `read the records of ${name}`, 'route53:ListResourceRecordSets'),
      () =>
        clients.route53.send(
          new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, MaxItems: pageSize, ...from }),
        ),
    ).catch((thrown) => {
      throw thrown instanceof Refused && notOurs.test(thrown.message) ? noZone(zone, name, thrown) : thrown
    })
    const own = (page.ResourceRecordSets ?? []).filter((record) => plainName(record.Name) === name)
    found.push(...own)
    if (!page.IsTruncated || plainName(page.NextRecordName) !== name) return found
    from = {
      ...(page.NextRecordName !== undefined && { StartRecordName: page.NextRecordName }),
      ...(page.NextRecordType !== undefined && { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
    }
  }
}

/** One batch: all of it or nothing [BC:route53 ChangeResourceRecordSets] (C.1). */
export interface Batch {
  readonly name: string
  /** What it is for, in Route 53's own list of changes. */
  readonly comment: string
  /** Looks, and answers what is to be sent; asked again before it is sent again. Nothing: nothing is sent. */
  readonly changes: () => Promise<readonly Change[]>
}

/** The answer to a batch whose lines do not fit what stands there, in Route 53's words. */
export class Unfitting extends Refused {}

/**
 * Sends a batch once, again only after Route 53 turned it away for now. Answers the id of the change, undefined when there was
 * nothing to send. Throws Unfitting, Refused (NotYet: for now), AnswerLost.
 */
export async function sendBatch(
  clients: Clients,
  zone: Zone,
  { name, comment, changes }: Batch,
): Promise<string | undefined> {
  const asked = askedOf(zone, `change the records of ${name}`, 'route53:ChangeResourceRecordSets')
  let thrownLast: unknown
  const { ChangeInfo } = await writingOnce(clients, asked, async () => {
    const Changes = [...(await changes())]
    if (Changes.length === 0) return { ChangeInfo: undefined }
    const ChangeBatch = { Changes, Comment: comment }
    const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch })
    return clients.route53.send(once(command)).catch((thrown: unknown) => {
      thrownLast = withMessages(thrown)
      throw thrown
    })
  }).catch((thrown: unknown) => {
    if (!(thrown instanceof Refused)) throw thrown
    if (troubleOf(thrownLast) === 'not now') throw new NotYet(thrown.message, thrown.remedies)
    if (isCalled(thrownLast, 'InvalidChangeBatch')) throw new Unfitting(thrown.message, thrown.remedies)
    throw thrown
  })
  return ChangeInfo?.Id
}

/** Where a refused batch has no message but a list of them. [BC:route53 InvalidChangeBatch] */
function withMessages(thrown: unknown): unknown {
  if (thrown instanceof InvalidChangeBatch && !thrown.message && thrown.messages)
    thrown.message = thrown.messages.join(' ')
  return thrown
}

/** Do all name servers of the zone answer by it already? "Generally within 60 seconds" [BC:route53 GetChange] (C.1). */
export async function isInSync(clients: Clients, zone: Zone, change: string): Promise<boolean> {
  const { ChangeInfo } = await reading(
    askedOf(zone, `see whether change ${change} has reached the name servers`, 'route53:GetChange'),
    () => clients.route53.send(new GetChangeCommand({ Id: change })),
  )
  return ChangeInfo?.Status !== 'PENDING'
}

const askedOf = ({ role }: Zone, to: string, action: string): Asked => ({
  to,
  action,
  ...(role && { as: role }),
})

/** There is no such zone, or it is another account's. */
const notOurs = /No hosted zone found|not authorized to access this resource/

function noZone({ id, role }: Zone, name: string, { message }: Refused): Refused {
  const domain = name.split('.').slice(-2).join('.')
  const list: Remedy = {
    why: `Look for a slip in \`hosted-zone-id\` (${id}). These are the zones that there are, by name:`,
    command: `aws route53 list-hosted-zones-by-name --dns-name ${shellWord(domain)} --query 'HostedZones[].[Id,Name]' --output table`,
  }
  const elsewhere: Remedy = {
    why: role
      ? `The zone has to be in the account of ${role} (\`dns-role-to-assume\`).`
      : 'If the zone is in another account, give a role of that account as `dns-role-to-assume`.',
  }
  return new Refused(message, [elsewhere, list])
}
