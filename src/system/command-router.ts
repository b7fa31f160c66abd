import { AnswerLost, Conflict, Failure, messageOf, NotYet, type Remedy } from '../deployment/errors.ts'
import type { Ms, Route, TrafficRouter } from '../deployment/ports.ts'
import { type Asking, readTraffic, type TrafficSeen } from './read-traffic.ts'
import { writeTraffic } from './write-traffic.ts'

/** What this router keeps of a route: whose ids these are, for the variables of the command. */
interface Exact {
  readonly share: Route['share']
  readonly names: Readonly<Record<string, string>>
}

/** What is written and does not show yet, while others may hold back a part of it: how often, and how far apart. */
const tries = 4
const pause: Ms = 5_000
/** What a command does not do now it may do a moment later. */
const takes = { earliest: 0, latest: 5_000 }
/** What clients and resolvers keep an answer for longer than its TTL. */
const margin: Ms = 15_000

/**
 * Whatever the team's own commands can move: any DNS or CDN. A write states the wanted end, so that it can be repeated;
 * what counts is what reading says afterwards.
 */
export function commandRouter(parts: Asking): TrafficRouter {
  const { pair, clock, ttl } = parts
  const name = 'traffic command'

  /** Writes until reading agrees. What shows something else again was half done by us, and is written once more. */
  async function writeUntilSeen(wanted: Route['share'], from: Route['share'] | undefined): Promise<void> {
    let now = await readTraffic(parts)
    if (agrees(now, wanted)) return
    if (from !== undefined && !agrees(now, from))
      throw new Conflict(
        `Somebody else moved traffic meanwhile: \`read-traffic-command\` says ${now.says}, and said ${inNames(now, from)}.`,
      )
    for (let tried = 1; ; tried += 1) {
      const failure = await writeTraffic(parts, now.members, wanted)
      now = await readTraffic(parts).catch((thrown: unknown) => {
        throw parts.signal.aborted ? thrown : new AnswerLost(messageOf(thrown))
      })
      if (agrees(now, wanted)) return
      const what = `${failure ?? '`write-traffic-command` ended well'}, and \`read-traffic-command\` says ${now.says} where ${inNames(now, wanted)} was wanted.`
      if (from !== undefined && agrees(now, from)) throw new NotYet(what, [mendCommand])
      if (tried === tries) throw new Failure(`${what} It was tried ${tries} times.`, [mendCommand])
      await clock.sleep(pause, parts.signal)
    }
  }

  return {
    name,
    authority: 'read-traffic-command',
    moves: 'in-steps',
    takes,
    clientsFollowWithin: ttl + margin,
    attaches: 'only at first',
    async read() {
      const seen = await readTraffic(parts)
      const names = Object.fromEntries(seen.members.map((member) => [member.id, member.name]))
      const share = seen.isEmpty ? {} : seen.share
      const exact: Exact = { share, names }
      return { share, exact, settled: true, ...(seen.isEmpty && { leadsNowhere: pointByHand(pair) }) }
    },
    async holder(among) {
      const { weights } = await readTraffic(parts)
      const weightOf = (one: { readonly name: string }) => weights[one.name] ?? 0
      const [most] = [...among].sort((one, other) => weightOf(other) - weightOf(one))
      return most && weightOf(most) > 0 ? most : undefined
    },
    plan(from, to, percent = 100) {
      const share = Object.fromEntries(pair.ids.map((id) => [id, id === to ? percent : 100 - percent]))
      return { share, exact: { ...(from.exact as Exact), share } }
    },
    call(from, to) {
      const { names } = from.exact as Exact
      const weights = pair.ids.map((id) => `${to.share[id] ?? 0} % ${names[id] ?? id}`)
      return `write-traffic-command: ${weights.join(', ')}`
    },
    apply: (from, to) => writeUntilSeen(to.share, from.share),
    async attach({ live }) {
      const { isEmpty } = await readTraffic(parts)
      if (isEmpty)
        await writeUntilSeen(Object.fromEntries(pair.ids.map((id) => [id, id === live ? 100 : 0])), undefined)
      return 0
    },
    async detach(id) {
      const { share, says } = await readTraffic(parts)
      if ((share[id] ?? 0) > 0)
        throw new Conflict(`${id} has traffic: \`read-traffic-command\` says ${says}.`)
    },
  }
}

const agrees = ({ share, isEmpty }: TrafficSeen, wanted: Route['share']): boolean =>
  !isEmpty && Object.keys({ ...share, ...wanted }).every((id) => (share[id] ?? 0) === (wanted[id] ?? 0))

const inNames = ({ members }: TrafficSeen, share: Route['share']): string =>
  Object.entries(share)
    .map(([id, percent]) => `${percent} % ${members.find((member) => member.id === id)?.name ?? id}`)
    .join(', ')

const mendCommand: Remedy = {
  why: 'What the command says is in the log: mend it, and run again.',
}

const pointByHand = ({ productionName }: { readonly productionName: string }): Remedy => ({
  why: `Send all of ${productionName} to the environment that is live, by your DNS or CDN, so that \`read-traffic-command\` says so; then run again.`,
})
