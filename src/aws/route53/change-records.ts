import type { Change } from '@aws-sdk/client-route-53'
import { Conflict, type Failure, Refused } from '../../deployment/errors.ts'
import type { Ms } from '../../deployment/ports.ts'
import { whatStands } from './foreign.ts'
import { look, type OnePair, type Seen } from './look.ts'
import { batchOf, canonical, describeRecord, type RecordSet } from './record.ts'
import { isOurs, type Standing } from './standing.ts'
import { aliasTtl } from './two-records.ts'
import { sendBatch, Unfitting } from './zone.ts'

/** Resolvers may keep an answer a little longer than they should. */
export const margin: Ms = 15_000

/** One batch, made from what stands there at that moment. */
export interface Plan {
  readonly comment: string
  /** Answers all records that are to stand there; throws when it is not right to change any. */
  readonly plan: (seen: Seen) => Promise<readonly RecordSet[]>
  /** Whether clients may follow something else afterwards for longer than they do anyway. */
  readonly isNew?: true
}

/**
 * Looks, and sends one batch that makes what stands there what the plan says. Answers how long clients may follow what was
 * deleted, in ms. Throws what the plan throws, Conflict, Refused, AnswerLost.
 */
export function changeRecords(parts: OnePair, { comment, plan, isNew }: Plan): Promise<Ms> {
  const { clients, zone, pair, way } = parts
  let seen: Seen | undefined
  let sent: readonly Change[] = []
  const changes = async () => {
    seen = await look(parts)
    sent = batchOf(recordsIn(seen.standing), await plan(seen))
    refuseToDelete(seen, sent)
    return sent
  }
  return way.send(
    () =>
      sendBatch(clients, zone, { name: pair.productionName, comment, changes }).catch(async (thrown) => {
        throw thrown instanceof Unfitting && seen ? await conflictOr(thrown, parts, seen) : thrown
      }),
    () => (isNew ? followOf(sent) : 0),
  )
}

/** The longest that anybody may keep what is deleted. */
function followOf(changes: readonly Change[]): Ms {
  const gone = changes.flatMap(({ Action, ResourceRecordSet: record }) =>
    Action === 'DELETE' ? (record?.TTL ?? aliasTtl) : [],
  )
  return gone.length === 0 ? 0 : Math.max(...gone) * 1_000 + margin
}

/** A batch fits what it was made from: if it did not fit, either that has changed or the batch was wrong. */
async function conflictOr(refused: Refused, parts: OnePair, before: Seen): Promise<Failure> {
  const now = await look(parts)
  if (isSame(now.standing, before.standing))
    return new Refused(refused.message, [...refused.remedies, whatStands(now)])
  return changedMeanwhile(now, before.standing)
}

/** Throws Conflict when something else stands there by now. */
export function assertUnchanged(seen: Seen, before: readonly Standing[]): void {
  if (!isSame(seen.standing, before)) throw changedMeanwhile(seen, before)
}

const isSame = (one: readonly Standing[], other: readonly Standing[]): boolean =>
  recordsIn(one).map(canonical).join() === recordsIn(other).map(canonical).join()

function changedMeanwhile(seen: Seen, before: readonly Standing[]): Conflict {
  return new Conflict(
    `Somebody else changed the records of ${seen.name} meanwhile: there is ${shown(seen.standing)}; there was ${shown(before)}.`,
    [whatStands(seen)],
  )
}

/** However it came about: what is not ours is never deleted. */
function refuseToDelete(seen: Seen, changes: readonly Change[]): void {
  const deleted = new Set(
    changes.flatMap(({ Action, ResourceRecordSet: record }) => (Action === 'DELETE' ? (record ?? []) : [])),
  )
  const others = seen.standing.filter(
    ({ environment, record }) => environment === null && !isOurs(record) && deleted.has(record),
  )
  if (others.length === 0) return
  throw new Conflict(
    `Not every record of ${seen.name} leads to one of these environments: there is ${shown(others)}.`,
    [whatStands(seen)],
  )
}

/** The records alone. */
export const recordsIn = (standing: readonly Standing[]): readonly RecordSet[] =>
  standing.map(({ record }) => record)

/** For people. */
export const shown = (standing: readonly Standing[]): string =>
  recordsIn(standing).map(describeRecord).join('; ') || 'nothing'
