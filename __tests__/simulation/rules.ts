import type { EnvironmentState } from '../../simulator/beanstalk/state.ts'
import { trafficWrite } from './by-command.ts'
import { ownName } from './history.ts'
import type { Process } from './process.ts'
import { gets, inWords, type Move, type Shares, towards, wholeOf } from './routing.ts'
import { byId, type Holder, inShort } from './truth.ts'
import { type Arrival, targetOf, type Watch } from './watch.ts'

/** The rules that never break, taken apart into what can be looked at. The number is the rule's of the design. */
export type RuleName =
  | '1 capacity: what gets production has at least the instances that live has'
  | '1 users: no request of a user who obeys the TTL is lost by us'
  | '1 targets: what gets a part of production is found healthy by what routes it'
  | '1 unchanged: what has production goes on running what it ran'
  | '2 deploy: nothing is deployed to what has production'
  | '2 terminate: what has production is not ended'
  | '2 shrink: what has production is not made smaller'
  | '3 version: production moves only to the wanted version, or back to what it ran'
  | '3 instances: every instance runs that version'
  | '3 tests: the tests have passed there'
  | '3 health: it is healthy when production moves'
  | '4 untouched: a failure without a switch leaves production as it was'
  | '4 back: what came back is where it was'
  | '4 expired: once the way back has expired, only a rollback takes it'
  | '3 step: each step is watched for as long as was asked for'
  | '4 whole: who ends well leaves no split'
  | '5 split: production is whole in the end'
  | '5 names: nothing that routes production names what is gone'
  | '5 template: no saved configuration of ours stays that nobody named'
  | '5 environment: no environment stays that nobody named'
  | '5 lock: nobody holds the lock'
  | '5 post: a post step that ends well has let go of what its main held'
  | '5 open: nothing stays open in the journal, unless it is stuck'
  | '5 capacity: no bounds stay changed that nobody remembers'
  | '6 lock: who changes something holds the lock'
  | '6 taking: nobody writes over a lock that another run holds'
  | '6 human: what a human moved is not moved back by a run that began before'
  | '6 further: nobody goes further from where somebody else has put it'
  | '7 live: the outputs name what has production'
  | '7 outcome: what is said to be live is live'
  | '7 tests: tests-passed is what the tests said'
  | '7 secrets: no secret is seen outside AWS'
  | '8 verify: a verification moves production nowhere'
  | '8 apart: a verification in an environment of its own changes no other'
  | '8 remember: what is remembered as verified was proven in that run'
  | '8 promote: production moves only to what was verified there, with nothing changed since'
  | 'works: without any trouble it succeeds, or says why not'
  | 'ends: every run ends'
  | 'ends: a run that has ended changes nothing'
  | 'bug: neither product nor simulator makes a mistake of its own'

export interface Violation {
  readonly rule: RuleName
  readonly at: number
  readonly says: string
}

/** Takes verdicts, and counts how often each rule was looked at. */
export interface Court {
  check(rule: RuleName, holds: boolean, says: () => string): void
}

const runOf = ({ number, part }: Process) => `run ${number}${part === 'post' ? ' (post)' : ''}`

/** Judges a call that changes something, at the moment when it arrives. */
export function judgeArrival(court: Court, watch: Watch, arrival: Arrival): void {
  const { call, by } = arrival
  // What was sent before the end may arrive after it, and a read whose twin had failed is tried again for a while.
  court.check(
    'ends: a run that has ended changes nothing',
    !call.mutating || by.state() !== 'ended' || call.at - by.endedAt() < 1_000,
    () => `${runOf(by)} sends ${call.operation} ${(call.at - by.endedAt()) / 1000} s after its end`,
  )
  if (call.service === 's3' || !lasting.has(call.operation)) return
  judgeLock(court, watch, arrival)
  const target = targetOf(arrival)
  if (by.chapter.inputs['green-environment'] === ownName && target)
    court.check(
      '8 apart: a verification in an environment of its own changes no other',
      target.name === ownName || call.operation === 'CreateConfigurationTemplate',
      () => `${runOf(by)} sends ${call.operation} for ${inShort(target)}`,
    )
  switch (call.operation) {
    case 'UpdateEnvironment':
      court.check(
        '2 deploy: nothing is deployed to what has production',
        !hasProduction(watch, target, call.at),
        () => `${runOf(by)} deploys ${JSON.stringify(call.input)} to ${target && inShort(target)}`,
      )
      return
    case 'TerminateEnvironment':
      court.check(
        '2 terminate: what has production is not ended',
        !hasProduction(watch, target, call.at),
        () => `${runOf(by)} ends ${target && inShort(target)}`,
      )
      return
    case 'UpdateAutoScalingGroup':
      judgeResize(court, watch, arrival)
      return
    case 'UpdateTagsForResource':
      judgeRemembered(court, watch, arrival)
      return
    case 'SwapEnvironmentCNAMEs':
    case 'ChangeResourceRecordSets':
    case 'ModifyRule':
    case trafficWrite:
      judgeMove(court, watch, arrival)
  }
}

const lasting = new Set([
  'CreateEnvironment',
  'UpdateEnvironment',
  'TerminateEnvironment',
  'UpdateAutoScalingGroup',
  'SwapEnvironmentCNAMEs',
  'ChangeResourceRecordSets',
  'ModifyRule',
  trafficWrite,
  'CreateConfigurationTemplate',
  'DeleteConfigurationTemplate',
  'UpdateTagsForResource',
])

/**
 * Reads may be three seconds old, and a request is some time on its way: what a human moved there a moment ago nobody
 * could know.
 */
const unknowable = 5_000

function hasProduction(watch: Watch, target: EnvironmentState | undefined, now: number): boolean {
  if (!target || !watch.isReached(target.id)) return false
  const last = watch.changes.at(-1)
  const byHand = watch.swaps.findLast(({ by }) => by === 'human')
  if (last?.by === 'human' && now - last.at < unknowable) return false
  if (watch.traffic.by === 'cname-swap' || !byHand) return true
  // Where clients still go whom somebody else has sent elsewhere since, no record tells.
  return now - byHand.at > (gets(watch.shares(), target.id) ? unknowable : 300_000)
}

/** The renewal that finds a lock lost may be a few seconds away, and requests are under way. */
function judgeLock(court: Court, watch: Watch, { call, by }: Arrival): void {
  const nonce = by.part === 'post' ? by.saved.nonce : by.seen.state.nonce
  const held = watch.heldAt.get(nonce ?? '') ?? Number.NEGATIVE_INFINITY
  court.check(
    '6 lock: who changes something holds the lock',
    call.at - held < unknowable,
    () =>
      `${runOf(by)} sends ${call.operation} and ${Number.isFinite(held) ? `lost the lock ${(call.at - held) / 1000} s ago` : 'never had the lock'}`,
  )
}

/** S3 tells times in whole seconds. */
const second = 1_000

/** Judges a write of the pair's object that took effect; `found` is what stood there until then. */
export function judgeTaking(
  court: Court,
  { by, at, found }: { readonly by: Process; readonly at: number; readonly found: Found },
): void {
  const { holder, writtenAt } = found
  const own = by.part === 'post' ? by.saved.nonce : by.seen.state.nonce
  if (!holder || holder.nonce === own) return
  const isDead = at - writtenAt > holder.ttl - second
  const isRollback = by.chapter.inputs.operation === 'rollback' && holder.baking
  court.check(
    '6 taking: nobody writes over a lock that another run holds',
    isDead || isRollback,
    () =>
      `${runOf(by)} writes over the lock of ${holder.nonce} (${holder.operation}${holder.baking ? ', baking' : ''}), ${(at - writtenAt) / 1000} s old`,
  )
}

/** The lock as it stood, and when that was written. */
export interface Found {
  readonly holder: Holder | undefined
  readonly writtenAt: number
}

function judgeResize(court: Court, watch: Watch, arrival: Arrival): void {
  const { call, by } = arrival
  const target = targetOf(arrival)
  if (!target?.group || !hasProduction(watch, target, call.at)) return
  const { MinSize, MaxSize, DesiredCapacity } = call.input as Record<string, number | undefined>
  const { min, max, desired } = target.group
  const becomes = Math.min(MaxSize ?? max, Math.max(MinSize ?? min, DesiredCapacity ?? desired))
  court.check(
    '2 shrink: what has production is not made smaller',
    becomes >= desired,
    () => `${runOf(by)} takes ${inShort(target)} from ${desired} instances to ${becomes}`,
  )
}

/** Tags are given to nothing but versions, and say nothing that was not so. */
function judgeRemembered(court: Court, watch: Watch, { call, by, before }: Arrival): void {
  const { ResourceArn, TagsToAdd } = call.input as {
    ResourceArn: string
    TagsToAdd: readonly { Key: string; Value: string }[]
  }
  const where = TagsToAdd.find(({ Key }) => Key === 'blue-green:verified-in')?.Value
  const target = byId(before, where)
  const version = ResourceArn.split('/').at(-1)
  const isTested =
    by.chapter.inputs['test-command'] === undefined ||
    watch.passed.has(`${by.number} ${target?.name} ${version}`)
  court.check(
    '8 remember: what is remembered as verified was proven in that run',
    ResourceArn.includes(':applicationversion/') &&
      (where === 'nowhere' ||
        (isTested &&
          target?.version === version &&
          target?.instances.every((one) => one.version === version) === true)),
    () =>
      `${runOf(by)} writes ${JSON.stringify(TagsToAdd)} to ${ResourceArn}, and there is ${target && inShort(target)}`,
  )
  if (where !== undefined && version !== undefined) watch.verified.set(where, version)
}

function judgeMove(court: Court, watch: Watch, { call, by, before, move }: Arrival): void {
  const target = byId(before, move && towards(move))
  const live = byId(before, move && greatestBut(move.before, target?.id))
  if (!move || !target || !live) return
  const percent = move.after[target.id] ?? 0
  const who = `${runOf(by)} moves production from ${inShort(live)} to ${inShort(target)}, ${inWords(move.before)} → ${inWords(move.after)}`
  // What moves back in the same stage was not moved whole.
  const isForward =
    by.stage() === 'Shift traffic' && (watch.traffic.by === 'cname-swap' || target.id !== watch.holder())
  // What comes back carried all of production before: then it needs what it had, not what the new side has.
  const needed = Math.min(
    Math.ceil(((live.group?.inService ?? 0) * percent) / 100 - 0.001),
    isForward ? Number.POSITIVE_INFINITY : (watch.sizeLive.get(target.id) ?? 0),
  )
  const groupsByHand = watch.byHand.some(({ what }) => what === 'group by hand')
  court.check(
    '1 capacity: what gets production has at least the instances that live has',
    groupsByHand || (target.group?.inService ?? 0) >= (watch.forced ? Math.min(1, needed) : needed),
    () => `${who}, needed ${needed}`,
  )
  const wanted =
    isForward && by.chapter.inputs.operation !== 'rollback'
      ? by.chapter.inputs.version
      : watch.ranLive.get(target.id)
  court.check(
    '3 version: production moves only to the wanted version, or back to what it ran',
    target.version !== undefined &&
      (target.version === wanted || watch.aims.has(target.name) || watch.aims.has(target.version)),
    () => `${who}, wanted ${wanted ?? 'nothing, for it never had production'}`,
  )
  court.check(
    '3 instances: every instance runs that version',
    target.instances.length > 0 &&
      (watch.forced || target.instances.every(({ version }) => version === target.version)),
    () => who,
  )
  judgeHuman(court, watch, { by, at: call.at, who })
  const moved = watch.swaps.findLast(({ to }) => to === live.id)
  // What a rollback had begun is finished by whoever comes next.
  const isAsked = moved !== undefined && watch.rollbacks.some((at) => at >= moved.at)
  // A split is settled whenever it is found.
  const wasWhole = wholeOf(move.before) !== undefined
  if (!isForward && wasWhole && moved && moved.by !== by.number && !isAsked)
    court.check(
      '4 expired: once the way back has expired, only a rollback takes it',
      call.at <= moved.wayBackUntil,
      () => `${who}, ${(call.at - moved.at) / 1000} s after it was moved there`,
    )
  if (!isForward) return
  judgeStep(court, watch, { by, at: call.at, move, target, who })
  court.check(
    '8 verify: a verification moves production nowhere',
    by.chapter.inputs.operation !== 'verify',
    () => who,
  )
  if (by.chapter.inputs.operation === 'promote')
    court.check(
      '8 promote: production moves only to what was verified there, with nothing changed since',
      watch.verified.get(target.id) === target.version,
      () => `${who}, verified there was ${watch.verified.get(target.id) ?? 'nothing'}`,
    )
  if (by.chapter.inputs.operation === 'rollback' && !watch.deployed.has(`${by.number} ${target.id}`)) return
  if (by.chapter.inputs['test-command'] !== undefined)
    court.check('3 tests: the tests have passed there', hasPassed(watch, by, target), () => who)
  // A further step is judged as the gates judge it: no more strictly than live.
  const than = gets(move.before, target.id) ? (live.healthStatus ?? live.health) : 'Ok'
  judgeHealth(court, watch, { by, target, at: call.at, who, than })
}

/** Weights spread for some seconds, DNS answers are kept for their TTL: only then the new side has its share. */
function judgeStep(
  court: Court,
  watch: Watch,
  {
    by,
    at,
    move,
    target,
    who,
  }: { by: Process; at: number; move: Move; target: EnvironmentState; who: string },
): void {
  if (watch.traffic.by === 'cname-swap') return
  // It may have got sick a moment ago.
  if (!gets(move.before, target.id) && (target.healthStatus ?? target.health) === 'Ok')
    court.check(
      '1 targets: what gets a part of production is found healthy by what routes it',
      watch.traffic.isFoundHealthy(target.id) ||
        watch.byHand.some(({ what }) => what.startsWith('route by hand')),
      () => who,
    )
  const last = watch.swaps.findLast((one) => one.by === by.number)
  const isFurther = last?.to === target.id && gets(move.before, target.id)
  const interval = Number.parseInt(by.chapter.inputs['step-interval'] ?? '0', 10) * 1_000
  if (isFurther && last.percent < (move.after[target.id] ?? 0))
    court.check(
      '3 step: each step is watched for as long as was asked for',
      at - last.at >= interval + watch.traffic.followMs,
      () => `${who}, ${(at - last.at) / 1000} s after the step before`,
    )
  // Load balancers and commands have no compare-and-set: what somebody changed a moment ago is lost, whoever asks.
  const byHand = watch.swaps.findLast((one) => one.by === 'human')
  if (
    byHand &&
    watch.traffic.by !== 'route53' &&
    at - byHand.at < (watch.traffic.by === 'command' ? unknowable : 200)
  )
    return
  const expected = isFurther ? last.percent : 0
  const isSplitByRule = by.chapter.inputs['listener-rules']?.includes(',')
  court.check(
    '6 further: nobody goes further from where somebody else has put it',
    isSplitByRule === true || Math.abs((move.before[target.id] ?? 0) - expected) < 0.01,
    () => `${who}, and the run had put ${expected} % there`,
  )
}

/** The other one that has most of it. */
const greatestBut = (shares: Shares, id: string | undefined): string | undefined =>
  Object.keys(shares)
    .filter((one) => one !== id && gets(shares, one))
    .sort((one, other) => (shares[other] ?? 0) - (shares[one] ?? 0))[0]

/** A promotion need not repeat what an earlier run has proven. */
const hasPassed = (watch: Watch, by: Process, { name, version }: EnvironmentState): boolean =>
  by.chapter.inputs.operation === 'promote'
    ? [...watch.passed].some((one) => one.endsWith(` ${name} ${version}`))
    : watch.passed.has(`${by.number} ${name} ${version}`)

/** Looks are ten seconds apart at most, and reads are three seconds old. */
const healthIsOldAfter = 20_000

function judgeHealth(
  court: Court,
  watch: Watch,
  {
    by,
    target,
    at,
    who,
    than,
  }: { by: Process; target: EnvironmentState; at: number; who: string; than: string },
): void {
  const levels = {
    Ok: ['Ok', 'Info', 'Green'],
    Warning: ['Ok', 'Info', 'Green', 'Warning', 'Yellow'],
    Degraded: ['Ok', 'Info', 'Green', 'Warning', 'Yellow', 'Degraded'],
  }
  const asked = by.chapter.inputs['minimum-health'] ?? 'Ok'
  const good =
    levels[
      asked === 'Degraded' || than === 'Degraded' || than === 'Severe'
        ? 'Degraded'
        : asked === 'Warning' || than === 'Warning' || than === 'Yellow'
          ? 'Warning'
          : 'Ok'
    ]
  const last = Math.max(...good.map((health) => watch.goodAt.get(`${target.id} ${health}`) ?? 0))
  court.check(
    '3 health: it is healthy when production moves',
    at - last < healthIsOldAfter,
    () => `${who}, which was last healthy ${last === 0 ? 'never' : `${(at - last) / 1000} s ago`}`,
  )
}

function judgeHuman(
  court: Court,
  watch: Watch,
  { by, at, who }: { by: Process; at: number; who: string },
): void {
  const last = watch.changes.at(-1)
  if (last?.by !== 'human') return
  // A human who did what the run had asked for, when its answer was lost, cannot be told from AWS that did it.
  if (watch.asked.has(`${by.number} ${last.to}`)) return
  // A plan waits inside its stage until both are Ready: what it decides on is known when the next stage begins.
  const decidedAt = Math.max(
    by.beganAt,
    ...[
      'Settle what an earlier run left',
      'Plan',
      'Publish version',
      // A rollback that is ready to go has no stage between.
      ...(by.chapter.inputs.operation === 'rollback' ? ['Shift traffic'] : []),
    ].map((title) => by.stageBeganAt(title) ?? 0),
  )
  // Away and back again: production stands where the run had found it.
  if (watch.changes.find((change) => change.at >= decidedAt)?.from === last.to) return
  court.check(
    '6 human: what a human moved is not moved back by a run that began before',
    last.at < decidedAt || at - last.at < unknowable,
    () => `${who}, ${(at - last.at) / 1000} s after a human had moved it`,
  )
}
