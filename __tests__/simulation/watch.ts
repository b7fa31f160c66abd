import type { BeanstalkState, EnvironmentState } from '../../simulator/beanstalk/state.ts'
import type { RecordedCall } from '../../simulator/cloud.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import type { Process } from './process.ts'
import { gets, inWords, type Move, type Shares, type Traffic, wholeOf } from './routing.ts'
import { byId, membersIn, ownContentsIn, type StateObject, stateContentIn } from './truth.ts'

/** Who changed something: a run by its number, or somebody else. */
export type Author = number | 'human' | 'nobody'

/** Production changed hands. */
export interface Change {
  readonly at: number
  readonly from: string | undefined
  /** What it ran when it last had production. */
  readonly fromVersion: string | undefined
  readonly to: string | undefined
  readonly by: Author
}

/** A move of production as its call arrived; whoever changed a share. */
export interface Swap {
  readonly at: number
  readonly by: Author
  readonly from: string
  readonly to: string
  /** What it makes of that one's share. */
  readonly percent: number
  /** Until when another run than this one may take it back on its own account, in ms since 1970; a human's never expires. */
  readonly wayBackUntil: number
}

/** Bounds that a group should have when nothing of ours holds it. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** What has been seen of a history so far. It sees AWS as it truly is, and of the product only what it sends. */
export interface Watch {
  readonly traffic: Traffic
  readonly changes: readonly Change[]
  readonly swaps: Swap[]
  /** When somebody else did something, and to what. */
  readonly byHand: { readonly at: number; readonly what: string; readonly id: string }[]
  /** Environments by who created them; those of the start are absent. */
  readonly creators: ReadonlyMap<string, Process>
  /** By group name: what it was before any of our runs held it. */
  readonly bounds: Map<string, Bounds | 'nobody can tell'>
  /** `RUN ID VERSION` of tests that passed. */
  readonly passed: Set<string>
  /** By environment: what was last said to be verified there, until something changed it. */
  readonly verified: Map<string, string>
  /** `RUN ID` of environments that a run deployed to or created. */
  readonly deployed: Set<string>
  /** When somebody pressed rollback. */
  readonly rollbacks: number[]
  /** Where rollbacks were told to go, by environment or version; a dead one's is finished by whoever comes next. */
  readonly aims: Set<string>
  /** Was a rollback told to go to what is sick or small? */
  forced: boolean
  /** `RUN ID` of environments that a run asked to move production to, whatever became of that. */
  readonly asked: Set<string>
  /** When health was last at its best, by environment and health. */
  readonly goodAt: ReadonlyMap<string, number>
  /** By the lock's nonce: when it was last seen in the object. */
  readonly heldAt: ReadonlyMap<string, number>
  /** What each environment ran when it last had production. */
  readonly ranLive: ReadonlyMap<string, string | undefined>
  /** How many instances each environment had when it last had production. */
  readonly sizeLive: ReadonlyMap<string, number>
  /** What each environment ran when it was looked at last with production on it. */
  readonly livesWith: Map<string, readonly (string | undefined)[]>
  /** What has all of production, or had it last. */
  holder(): string | undefined
  /** Who has production now, by what decides about it. */
  shares(): Shares
  /** Does it get any of it, or may clients still go where it was answered? */
  isReached(id: string): boolean
  object(): StateObject | undefined
  /** When the object was last written. */
  objectAt(): number
  objectText(): string
  /** The same of the pairs that a pull request's own environment is in. */
  ownObjects(): readonly StateObject[]
  /** Looks at everything that is compared over time. */
  look(state?: BeanstalkState): void
  /** An environment came into being by this process. */
  created(id: string, by: Process): void
}

/** Watches one simulated world. `tell` gets a line for each change of hands. */
export function createWatch(parts: {
  readonly aws: Simulator
  readonly traffic: Traffic
  readonly tell: (who: string, what: string) => void
}): Watch {
  const { aws, traffic, tell } = parts
  const changes: Change[] = []
  const swaps: Swap[] = []
  const creators = new Map<string, Process>()
  const bounds = new Map<string, Bounds | 'nobody can tell'>()
  const goodAt = new Map<string, number>()
  const heldAt = new Map<string, number>()
  const ranLive = new Map<string, string | undefined>()
  const livesWith = new Map<string, readonly (string | undefined)[]>()
  const sizeLive = new Map<string, number>()
  const ownContents: (Uint8Array | undefined)[] = []
  const ownObjects: (StateObject | undefined)[] = []
  const ledAt = new Map<string, number>()
  let holder: string | undefined
  let shares: Shares = {}
  let object: StateObject | undefined
  let text: string | undefined
  let content: Uint8Array | undefined
  let writtenAt = 0

  const seeHolder = (state: BeanstalkState, now: number) => {
    const before = shares
    shares = traffic.shares(state)
    for (const id of traffic.led(state)) ledAt.set(id, now)
    const found = byId(state, wholeOf(shares))
    for (const id of Object.keys(shares)) {
      if (!gets(shares, id)) continue
      const member = byId(state, id)
      ranLive.set(id, member?.version)
      if (member && !gets(before, id) && traffic.by !== 'cname-swap') livesWith.set(id, labelsOf(member))
    }
    if (found) sizeLive.set(found.id, found.group?.inService ?? 0)
    if (traffic.by !== 'cname-swap' && inWords(shares) !== inWords(before))
      tell('AWS', `production is on ${inWords(shares)}`)
    if (!found || found.id === holder) return
    const swap = swaps.findLast(({ to }) => to === found.id)
    const by = swap && now - swap.at < 10_000 ? swap.by : (creators.get(found.id)?.number ?? 'nobody')
    const fromVersion = holder === undefined ? undefined : ranLive.get(holder)
    changes.push({ at: now, from: holder, fromVersion, to: found.id, by })
    livesWith.set(found.id, labelsOf(found))
    tell('AWS', `production is on ${found.name} (${found.id}, ${found.version ?? 'nothing'})`)
    holder = found.id
  }

  const seeMember = (member: EnvironmentState, now: number) => {
    if (member.group && !bounds.has(member.group.name))
      bounds.set(member.group.name, { min: member.group.min, max: member.group.max })
    goodAt.set(`${member.id} ${member.healthStatus ?? member.health}`, now)
  }

  const seeObject = (now: number) => {
    const found = stateContentIn(aws)
    if (found !== content) {
      content = found
      writtenAt = now
      text = found && Buffer.from(found).toString('utf8')
      object = text === undefined ? undefined : JSON.parse(text)
    }
    if (object?.holder) heldAt.set(object.holder.nonce, now)
    ownContentsIn(aws).forEach((own, index) => {
      if (own !== ownContents[index]) ownObjects[index] = own && JSON.parse(Buffer.from(own).toString('utf8'))
      ownContents[index] = own
      const holder = ownObjects[index]?.holder
      if (holder) heldAt.set(holder.nonce, now)
    })
  }

  return {
    traffic,
    changes,
    swaps,
    byHand: [],
    creators,
    bounds,
    passed: new Set(),
    verified: new Map(),
    deployed: new Set(),
    rollbacks: [],
    aims: new Set(),
    forced: false,
    asked: new Set(),
    goodAt,
    heldAt,
    ranLive,
    sizeLive,
    livesWith,
    holder: () => holder,
    shares: () => shares,
    isReached: (id) =>
      traffic.by === 'cname-swap'
        ? holder === id
        : gets(shares, id) ||
          aws.cloud.clock.now() - (ledAt.get(id) ?? Number.NEGATIVE_INFINITY) < traffic.followMs,
    object: () => object,
    objectAt: () => writtenAt,
    objectText: () => text ?? '',
    ownObjects: () => ownObjects.filter((one) => one !== undefined),
    look(state = aws.beanstalk.state()) {
      const now = aws.cloud.clock.now()
      seeHolder(state, now)
      for (const member of membersIn(state)) seeMember(member, now)
      seeObject(now)
    },
    created(id, by) {
      creators.set(id, by)
    },
  }
}

/** What an environment says that it runs, and what its instances do run. */
export const labelsOf = ({ version, instances }: EnvironmentState): readonly (string | undefined)[] => [
  ...new Set([version, ...instances.map((one) => one.version)]),
]

/** A call that changes something, as it arrived. */
export interface Arrival {
  readonly call: RecordedCall
  readonly by: Process
  /** AWS as it was when it arrived. */
  readonly before: BeanstalkState
  /** What it makes of where production goes; absent when it is about something else. */
  readonly move?: Move | undefined
}

/** The environment that a call is for; a group's for a group. */
export function targetOf({ call, before }: Arrival): EnvironmentState | undefined {
  const { EnvironmentId, EnvironmentName, AutoScalingGroupName } = call.input as Record<
    string,
    string | undefined
  >
  if (AutoScalingGroupName !== undefined)
    return before.environments.find(({ group }) => group?.name === AutoScalingGroupName)
  if (EnvironmentId !== undefined) return byId(before, EnvironmentId)
  return before.environments.findLast(
    ({ name, status }) => name === EnvironmentName && status !== 'Terminated',
  )
}
