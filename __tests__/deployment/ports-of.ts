import type { Environment } from '../../src/deployment/environment.ts'
import { Conflict } from '../../src/deployment/errors.ts'
import type {
  Beanstalk,
  Capacity,
  Logs,
  Probe,
  RoutedPair,
  TrafficRouter,
  Versions,
} from '../../src/deployment/ports.ts'
import { type Account, domain, type Member } from './account.ts'
import type { Wire } from './wire.ts'

/** What one run's ports are made of. */
export interface Reach {
  readonly account: Account
  readonly wire: Wire
  readonly by: string
}

type Args = readonly unknown[]

const reading = ({ wire, by }: Reach, name: string, args: Args) => ({
  does: <T>(work: () => T) => wire.pass({ name, args, isWrite: false, by }, work),
})
const writing = ({ wire, by }: Reach, name: string, args: Args) => ({
  does: <T>(work: () => T) => wire.pass({ name, args, isWrite: true, by }, work),
})

/** Elastic Beanstalk, as the account is. */
export function beanstalkOf(reach: Reach): Beanstalk {
  const { account } = reach
  const { members, templates } = account
  const seen = (wanted: (one: Environment) => boolean) => members.map(account.seen).filter(wanted)
  return {
    find: (names) => reading(reach, 'find', names).does(() => seen(({ name }) => names.includes(name))),
    read: (ids) => reading(reach, 'read', ids).does(() => seen(({ id }) => ids.includes(id))),
    events: (id, since) =>
      reading(reach, 'events', [id, since]).does(() =>
        (account.byId(id)?.events ?? []).filter(({ at }) => at >= since),
      ),
    newestEventAt: (id) =>
      reading(reach, 'newestEventAt', [id]).does(() => account.byId(id)?.events.at(-1)?.at ?? 0),
    create: (order) => writing(reach, 'create', [order]).does(() => account.create(order)),
    deploy: (id, version, options) =>
      writing(reach, 'deploy', options ? [id, version, options] : [id, version]).does(() =>
        account.deploy(id, version, options),
      ),
    configure: (id, change) =>
      writing(reach, 'configure', [id, change]).does(() => account.configure(id, change)),
    terminate: (id) => writing(reach, 'terminate', [id]).does(() => account.terminate(id)),
    createTemplate: (name, fromId) =>
      writing(reach, 'createTemplate', [name, fromId]).does(() => void templates.add(name)),
    deleteTemplate: (name) =>
      writing(reach, 'deleteTemplate', [name]).does(() => void templates.delete(name)),
    options: (name) => reading(reach, 'options', [name]).does(() => account.member(name).options),
    templateOptions: (name) =>
      reading(reach, 'templateOptions', [name]).does(() => account.templateOptions.get(name) ?? []),
    versionsOnInstances: (id) =>
      reading(reach, 'versionsOnInstances', [id]).does(() => {
        const labels = account.byId(id)?.labels
        return labels && { ...labels }
      }),
    causes: (id) => reading(reach, 'causes', [id]).does(() => account.byId(id)?.causes ?? []),
    requestRate: (id) =>
      reading(reach, 'requestRate', [id]).does(() => {
        const member = account.byId(id)
        return member?.labels && { perSecond: member.rate }
      }),
    enhancedHealth: (id) =>
      reading(reach, 'enhancedHealth', [id]).does(() => {
        const member = account.byId(id)
        if (!member?.labels) return undefined
        const { rate, causes, labels } = member
        return { perSecond: rate, serverErrorShare: 0, causes, instances: Object.keys(labels).length }
      }),
    all: () => reading(reach, 'all', []).does(() => seen(() => true)),
    applications: () => reading(reach, 'applications', []).does(() => account.applications),
    cnameOf: (prefix) => reading(reach, 'cnameOf', [prefix]).does(() => `${prefix}.${domain}`.toLowerCase()),
  }
}

/** The end of an instance's log is what the account says of its environment. */
export function logsOf(reach: Reach): Logs {
  const { account } = reach
  return {
    tail: (id) =>
      reading(reach, 'tail', [id]).does(() =>
        Object.keys(account.byId(id)?.labels ?? {}).map((instance) => ({
          instance,
          read: async () => account.logs.get(id) ?? '',
        })),
      ),
  }
}

/** Auto Scaling. */
export function capacityOf(reach: Reach): Capacity {
  const { account } = reach
  const groups = () => account.members.flatMap(({ id, group }) => (group ? [{ id, group }] : []))
  return {
    read: (environment) =>
      reading(reach, 'readCapacity', [environment]).does(() => {
        const found = groups().find(({ id }) => id === environment)
        return found && { ...found.group }
      }),
    readGroup: (name) =>
      reading(reach, 'readGroup', [name]).does(() => {
        const found = groups().find(({ group }) => group.name === name)
        return found && { ...found.group }
      }),
    resize: (name, size) => writing(reach, 'resize', [name, size]).does(() => account.resize(name, size)),
  }
}

/** Application versions; what a package's path is called is what is in it. */
export function versionsOf(reach: Reach): Versions & { readonly closed: string[] } {
  const { account } = reach
  const closed: string[] = []
  return {
    closed,
    read: (label) => reading(reach, 'readVersion', [label]).does(() => account.versions.get(label)),
    verified: (label) => reading(reach, 'verified', [label]).does(() => account.verified.get(label)),
    remember: (label, verification) =>
      writing(reach, 'remember', [label]).does(() => {
        if (verification) account.verified.set(label, verification)
        else account.verified.delete(label)
      }),
    open: async (path) => ({
      digest: path,
      bytes: path.length * 1024,
      upload: () => writing(reach, 'upload', [path]).does(() => ({ bucket: 'bucket', key: path })),
      close: async () => void closed.push(path),
    }),
    create: ({ label, digest }) =>
      writing(reach, 'createVersion', [label]).does(() => account.publish(label, digest)),
  }
}

/** Two environments exchange their names: asynchronous, and sent twice it undoes itself. */
export function routerOf(reach: Reach, { ids, productionName }: RoutedPair): TrafficRouter {
  const { account } = reach
  const cnames = () =>
    Object.fromEntries(
      [...ids]
        .sort()
        .flatMap((id) => account.byId(id) ?? [])
        .map(({ id, cname }) => [id, cname]),
    )
  const holderIn = (exact: unknown) =>
    Object.entries(exact as Record<string, string>).find(([, cname]) => cname === productionName)?.[0]
  const shareOf = (holder: string | undefined) =>
    Object.fromEntries(ids.map((id) => [id, id === holder ? 100 : 0]))
  return {
    name: 'CNAME swap',
    authority: 'Beanstalk',
    moves: 'whole',
    takes: { earliest: 3_800, latest: 6_200 },
    clientsFollowWithin: 75_000,
    holder: async (among) => among.find(({ cname }) => cname === productionName),
    attach: async () => 0,
    detach: async () => {},
    read: () =>
      reading(reach, 'readRoute', ids).does(() => {
        const exact = cnames()
        const holder = holderIn(exact)
        const busy = ids
          .flatMap((id) => account.byId(id) ?? [])
          .find(({ status }) => status !== 'Ready' && status !== 'Terminating')
        const isKnown = holder !== undefined || ids.length === 1
        return {
          exact,
          share: isKnown ? shareOf(holder) : {},
          settled: !busy && isKnown,
          ...(busy && { under: `${busy.name} is ${busy.status}` }),
        }
      }),
    plan: (from, to) => {
      const before = from.exact as Record<string, string>
      const holder = holderIn(before) ?? to
      const exact = { ...before, [holder]: before[to], [to]: before[holder] }
      return { exact, share: shareOf(to) }
    },
    call: (from, to) => `swap ${holderIn(from.exact)} ${holderIn(to.exact)}`,
    apply: (from, to) =>
      writing(reach, 'swap', [holderIn(from.exact), holderIn(to.exact)]).does(() => {
        if (JSON.stringify(cnames()) !== JSON.stringify(from.exact))
          throw new Conflict('Somebody else changed the CNAMEs meanwhile.')
        account.swap(holderIn(from.exact) as string, holderIn(to.exact) as string)
      }),
  }
}

/** The network as the runner sees it; `canSee` says which hosts. */
export function probeOf(reach: Reach, canSee: (host: string) => boolean): Probe {
  const { account } = reach
  return {
    ask: (url, _signal, at) =>
      reading(reach, 'ask', [url, ...(at === undefined ? [] : [at])]).does(() => {
        const { hostname } = new URL(url)
        const host = at ?? hostname
        const member = canSee(host) ? account.resolve(host) : undefined
        const named = member?.underName?.[hostname]
        if (named) return named
        const status = member && account.status(member)
        if (status === undefined) return { is: 'no answer', why: 'connection refused' }
        return { is: 'answer', status, took: 5, ...account.showing(member as Member) }
      }),
    addresses: async (host) => {
      const member = canSee(host) ? account.resolve(host) : undefined
      return member ? [`10.0.0.${account.members.indexOf(member) + 1}`] : []
    },
    alias: async (host) => account.aliases.get(host),
  }
}
