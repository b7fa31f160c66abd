import type { VirtualClock } from '../../simulator/clock.ts'
import type { Environment, EnvironmentStatus, Health } from '../../src/deployment/environment.ts'
import { NotTogether, NotYet, Refused } from '../../src/deployment/errors.ts'
import type {
  Answer,
  BeanstalkEvent,
  GroupSize,
  NewEnvironment,
  OptionChange,
  OptionSetting,
  Verification,
  Version,
} from '../../src/deployment/ports.ts'
import { ownName, shareOf, type Weights, weightsTake } from './weights.ts'

/** An environment as it really is at the moment; tests may change it as somebody else would. */
export interface Member {
  readonly id: string
  readonly name: string
  status: EnvironmentStatus
  cname: string | undefined
  endpoint: string | undefined
  version: string | undefined
  tier: Environment['tier']
  description: string
  platform: string | undefined
  created: number | undefined
  updated: number
  /** Overrides what its version is like. */
  health?: Health
  /** The HTTP status of every path, or undefined for no answer; overrides what its version is like. */
  answers?: () => number | undefined
  /** What it answers under a name of the user's own; as otherwise when left out. */
  underName?: Readonly<Record<string, Answer>>
  /** Undefined with basic health reporting. */
  labels: Record<string, string> | undefined
  /** Requests per second. */
  rate: number
  causes: string[]
  options: OptionSetting[]
  readonly events: BeanstalkEvent[]
  group: MemberGroup | undefined
  /** What Beanstalk says when its termination fails, as it does then. */
  cannotEnd?: string
}

/** An Auto Scaling group as it really is at the moment. */
export interface MemberGroup {
  readonly name: string
  min: number
  max: number
  desired: number
  inService: number
  /** How long instances take to come into service, in ms; a minute when left out. */
  launchTakes?: number
}

/** How a version behaves; what is left out goes well. */
export interface Behaviour {
  readonly health?: Health
  readonly status?: () => number | undefined
  /** What its answers call its version; the label when left out. */
  readonly shows?: string
  /** `is taken back`: Beanstalk keeps the old version. `has errors`: it runs, and an error event says so. */
  readonly deploying?: 'is taken back' | 'has errors'
}

/** A small, honest Elastic Beanstalk: state that changes by time, one operation per environment. */
export interface Account {
  readonly applications: string[]
  readonly members: Member[]
  readonly versions: Map<string, Version>
  /** What the tags of versions remember. */
  readonly verified: Map<string, Verification>
  readonly behaviours: Map<string, Behaviour>
  readonly templates: Set<string>
  /** Of saved configurations that have any. */
  readonly templateOptions: Map<string, OptionSetting[]>
  /** Does an update take a version and options together? */
  takesBoth: boolean
  /** What becomes of the next updates of a configuration alone; they go well when it is empty. */
  readonly configuring: 'is taken back'[]
  /** What routes production where a CNAME swap does not; undefined where one does. */
  weights: Weights | undefined
  /** Names of the team's own zone that are CNAMEs. */
  readonly aliases: Map<string, string>
  /** What an environment's instances have in their logs, by the environment's id. */
  readonly logs: Map<string, string>
  member(name: string): Member
  byId(id: string): Member | undefined
  seen(member: Member): Environment
  add(member: Partial<Member> & Pick<Member, 'name'>): Member
  publish(label: string, digest: string): void
  deploy(id: string, version: string, options?: OptionChange): { requestId: string }
  configure(id: string, change: OptionChange | { readonly platform: string }): { requestId: string }
  create(order: NewEnvironment): { requestId: string; id: string }
  terminate(id: string): { requestId: string }
  swap(one: string, other: string): void
  resize(group: string, size: Partial<GroupSize>): void
  /** The member that a host name leads to; production's old answer lives on for a while after a swap. */
  resolve(host: string): Member | undefined
  status(member: Member): number | undefined
  /** What its answers show of its version; nothing when `hides` says so. */
  showing(member: Member): Pick<Extract<Answer, { is: 'answer' }>, 'headers' | 'body'>
}

/** How long things take, in ms; a swap shows itself two seconds before it is over. */
export const takes = {
  process: 5_000,
  deploy: 60_000,
  configure: 90_000,
  create: 200_000,
  terminate: 100_000,
  swap: 6_000,
  launch: 60_000,
  dnsAnswersLive: 45_000,
}

export const domain = 'us-east-1.elasticbeanstalk.com'
export const production = `shop.${domain}`

/** An empty account. */
export function createAccount(clock: VirtualClock): Account {
  const members: Member[] = []
  const versions = new Map<string, Version>()
  const verified = new Map<string, Verification>()
  const behaviours = new Map<string, Behaviour>()
  const templates = new Set<string>()
  const aliases = new Map<string, string>()
  const logs = new Map<string, string>()
  const templateOptions = new Map<string, OptionSetting[]>()
  const moves: { at: number; cname: string; from: string }[] = []
  let count = 0

  const byId = (id: string) => members.find((one) => one.id === id)
  const behaviourOf = ({ version }: Member): Behaviour => behaviours.get(version ?? '') ?? {}

  /** By its weights, another one with every second. */
  const drawn = () => {
    let at = (Math.floor(clock.now() / 1_000) * 37) % 100
    return members.find(({ id }) => {
      at -= shareOf(account, id)
      return at < 0
    })
  }

  const ready = (id: string): Member => {
    const found = byId(id)
    if (!found) throw new Refused(`No Environment found for EnvironmentId = '${id}'.`)
    if (found.status !== 'Ready') throw new NotYet(`Environment ${found.name} is in an invalid state.`)
    return found
  }

  const tell = (member: Member, event: Partial<BeanstalkEvent> & Pick<BeanstalkEvent, 'message'>) =>
    member.events.push({
      at: clock.now(),
      severity: 'info',
      requestId: undefined,
      says: 'progress',
      ...event,
    })

  const install = (member: Member, version: string, requestId: string) => {
    const { deploying } = behaviours.get(version) ?? {}
    if (deploying !== undefined)
      tell(member, {
        message: 'Failed to deploy application.',
        severity: 'error',
        requestId,
        says: deploying === 'is taken back' ? 'failed' : 'progress',
      })
    member.status = 'Ready'
    if (deploying === 'is taken back') return
    member.version = version
    if (member.labels) for (const instance of Object.keys(member.labels)) member.labels[instance] = version
    tell(member, { message: 'Environment update completed successfully.', requestId, says: 'completed' })
  }

  const setOptions = (member: Member, { optionSettings, optionsToRemove }: OptionChange) => {
    const isSame = (one: Omit<OptionSetting, 'value'>) => (other: Omit<OptionSetting, 'value'>) =>
      one.namespace === other.namespace && one.name === other.name
    member.options = [
      ...member.options.filter((one) => ![...optionSettings, ...optionsToRemove].some(isSame(one))),
      ...optionSettings,
    ]
  }

  const add: Account['add'] = (given) => {
    count += 1
    const id = given.id ?? `e-${given.name.replace('shop-', '')}`
    const member: Member = {
      id,
      status: 'Ready',
      cname: `${given.name}.x${count}.${domain}`,
      endpoint: `lb-${given.name}.elb.amazonaws.com`,
      version: '1.0.0',
      tier: 'WebServer',
      description: '',
      platform: '64bit Amazon Linux 2023 v6.6.0 running Node.js 22',
      created: clock.now(),
      updated: clock.now(),
      labels: { [`i-${given.name}-1`]: given.version ?? '1.0.0' },
      rate: 0,
      causes: [],
      options: [],
      events: [],
      group: { name: `asg-${given.name}-${count}`, min: 1, max: 4, desired: 1, inService: 1 },
      ...given,
    }
    members.push(member)
    return member
  }

  const requestId = (name: string) => {
    count += 1
    return `${name}-${count}`
  }

  const account: Account = {
    applications: ['shop'],
    members,
    versions,
    verified,
    behaviours,
    templates,
    templateOptions,
    takesBoth: true,
    configuring: [],
    weights: undefined,
    aliases,
    logs,
    byId,
    add,
    member: (name) => {
      const found = members.find((one) => one.name === name)
      if (!found) throw new Error(`the account has no ${name}`)
      return found
    },
    seen: (member) => ({
      id: member.id,
      name: member.name,
      status: member.status,
      health: member.health ?? behaviourOf(member).health ?? 'Ok',
      cname: member.cname,
      endpoint: member.endpoint,
      version: member.version,
      tier: member.tier,
      description: member.description,
      platform: member.platform,
      created: member.created,
      updated: member.updated,
    }),
    showing: (member) => {
      const version = behaviourOf(member).shows ?? member.version ?? 'none'
      return { headers: { 'x-version': version }, body: JSON.stringify({ build: { version } }) }
    },
    publish(label, digest) {
      if (versions.has(label)) throw new Refused(`Application Version ${label} already exists.`)
      const version: Version = { label, digest, state: 'processing', created: clock.now() }
      versions.set(label, version)
      clock.at(clock.now() + takes.process, () => versions.set(label, { ...version, state: 'deployable' }))
    },
    deploy(id, version, options) {
      const member = ready(id)
      if (options && !this.takesBoth) throw new NotTogether('A version and options are not taken together.')
      const request = requestId('deploy')
      member.status = 'Updating'
      tell(member, { message: 'Environment update is starting.', requestId: request, says: 'started' })
      clock.at(clock.now() + takes.deploy, () => {
        install(member, version, request)
        if (options && member.version === version) setOptions(member, options)
      })
      return { requestId: request }
    },
    configure(id, change) {
      const member = ready(id)
      const request = requestId('configure')
      const isTakenBack = this.configuring.shift() === 'is taken back'
      member.status = 'Updating'
      tell(member, { message: 'Environment update is starting.', requestId: request, says: 'started' })
      clock.at(clock.now() + takes.configure, () => {
        member.status = 'Ready'
        if (isTakenBack)
          return tell(member, {
            message: 'Failed to deploy configuration.',
            severity: 'error',
            requestId: request,
            says: 'failed',
          })
        if ('platform' in change) member.platform = change.platform
        else setOptions(member, change)
        const message = 'Environment update completed successfully.'
        return tell(member, { message, requestId: request, says: 'completed' })
      })
      return { requestId: request }
    },
    create(order) {
      if (members.some(({ name }) => name === order.name))
        throw new Refused(`Environment ${order.name} already exists.`)
      if ('template' in order.base && !templates.has(order.base.template))
        throw new Refused(`No Configuration Template named '${order.base.template}' found.`)
      const request = requestId('create')
      const member = add({
        name: order.name,
        id: `e-new-${order.name}`,
        status: 'Launching',
        version: undefined,
        description: order.description,
        options: [...order.optionSettings],
        labels: { [`i-${order.name}-1`]: order.version },
        ...(order.cnamePrefix !== undefined && { cname: `${order.cnamePrefix}.${domain}` }),
      })
      tell(member, {
        message: 'createEnvironment is starting.',
        requestId: request,
        says: 'started',
      })
      clock.at(clock.now() + takes.create, () => install(member, order.version, request))
      return { requestId: request, id: member.id }
    },
    terminate(id) {
      const member = ready(id)
      const request = requestId('terminate')
      member.status = 'Terminating'
      clock.at(clock.now() + takes.terminate, () => {
        if (!member.cannotEnd) return members.splice(members.indexOf(member), 1)
        member.status = 'Ready'
        return tell(member, {
          message: member.cannotEnd,
          severity: 'error',
          requestId: request,
          says: 'failed',
        })
      })
      return { requestId: request }
    },
    swap(one, other) {
      const pair = [ready(one), ready(other)] as const
      for (const member of pair) member.status = 'Updating'
      clock.at(clock.now() + takes.swap - 2_000, () => {
        const [first, second] = pair
        for (const member of pair) moves.push({ at: clock.now(), cname: member.cname ?? '', from: member.id })
        ;[first.cname, second.cname] = [second.cname, first.cname]
      })
      clock.at(clock.now() + takes.swap, () => {
        for (const member of pair) member.status = 'Ready'
      })
    },
    resize(name, size) {
      const group = members.find((one) => one.group?.name === name)?.group
      if (!group) throw new Refused(`AutoScalingGroup name not found - ${name}`)
      Object.assign(group, size)
      const desired = Math.min(group.max, Math.max(group.min, group.desired))
      group.desired = desired
      if (desired < group.inService) group.inService = desired
      else
        clock.at(
          clock.now() + (group.launchTakes ?? takes.launch),
          () => (group.inService = Math.max(group.inService, desired)),
        )
    },
    resolve(name) {
      if (account.weights && name === ownName) {
        const young = clock.now() - weightsTake.clients
        const left = account.weights.moves.findLast(({ at }) => at > young)
        return byId(left?.from ?? '') ?? drawn()
      }
      const host = aliases.get(name) ?? name
      const old = moves.findLast(({ cname, at }) => cname === host && clock.now() - at < takes.dnsAnswersLive)
      if (old) return byId(old.from)
      return members.find(({ cname, endpoint }) => cname === host || endpoint === host)
    },
    status: (member) => {
      if (member.answers) return member.answers()
      const { status } = behaviourOf(member)
      return status ? status() : 200
    },
  }
  return account
}
