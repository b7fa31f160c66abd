import { describe, type Environment, isReady } from '../environment.ts'
import { Failure, type Remedy } from '../errors.ts'
import { holderAmong } from '../holder.ts'
import { inShares, isOn } from '../move-traffic.ts'
import type { OptionSetting, Route, TrafficRouter } from '../ports.ts'
import { knownProductionName } from '../production-name.ts'
import { lastMoveAt } from '../promotions.ts'
import { readEvents } from '../remedies.ts'
import { type Run, warn } from '../run.ts'
import { sameTargetGroup } from '../same-target-group.ts'
import { toMember } from '../tell.ts'
import { waitUntil } from '../wait-until.ts'
import { type Side, sideOf, whatStays, whatStops } from '../what-stops.ts'
import { baseline, type Production } from './baseline.ts'
import { type FirstPlan, planFirst } from './plan-first.ts'
import { namesOfPair, rolesIn } from './who-is-live.ts'

/** What the operation found and will work from. Ids, not names, from here on. */
export interface Plan {
  readonly live: Environment
  /** The other member; `now` is undefined while it does not exist. */
  readonly other: { readonly name: string; readonly now: Environment | undefined }
  readonly production: Production
  /** The live environment's option settings: what a missing candidate is cloned from. May hold secrets. */
  readonly liveOptions: readonly OptionSetting[]
  /** The same of the other member; there for what is about to deploy to it. */
  readonly otherOptions?: readonly OptionSetting[] | undefined
  /** Both environments, as far as they exist, with their option settings. */
  readonly sides: readonly Side[]
  /** Nobody is led to live yet, and how that is done by hand: nothing stands at the production name. */
  readonly leadsNowhere?: Remedy | undefined
}

/**
 * Who is live, by witnesses that must agree: the routing itself, where the production address resolves, and whether
 * requests arrive at the other member. Refuses what cannot be deployed to in this way, all problems in one message.
 */
export const planPair = (run: Run): Promise<Plan | FirstPlan> => plan(run, 'live')

/** The same for a deployment, which compares the two configurations. */
export const planDeployment = (run: Run): Promise<Plan | FirstPlan> => plan(run, 'both')

async function plan(run: Run, configurations: 'live' | 'both'): Promise<Plan | FirstPlan> {
  const cname = await productionName(run)
  run.record.productionName = cname
  const { names, members } = await pairOf(run, cname)
  run.record.members = names
  if (members.length === 0) return planFirst(run, cname)
  const { live, other } = await rolesIn(run, { members, names, cname })
  const ids = members.map(({ id }) => id)
  const router = run.ports.routerFor({ ids, productionName: cname })
  const { beanstalk } = run.ports
  const [route, liveOptions, others] = await Promise.all([
    router.read(),
    beanstalk.options(live.name),
    other.now && beanstalk.options(other.now.name),
  ])
  const sides = [sideOf(live, liveOptions, 'live'), ...(other.now ? [sideOf(other.now, others)] : [])]
  refuseUnfit(run, sides, router)
  for (const note of route.notes ?? []) warn(run, note)
  // By a split, the name leads to either of them: what it resolves to just now says nothing.
  if (!isOn(route, live.id)) throw splitAlready(router, route, { live, members })
  if (configurations === 'both') refuseSameGroup(run, { live, liveOptions, other, others })
  const movedAgo = run.ports.journal.serverTime() - lastMoveAt(run)
  const isFollowed = movedAgo < router.clientsFollowWithin
  const production = await baseline(run, { cname, live, other: other.now, isFollowed })
  run.record.liveBefore = toMember(live)
  run.record.lastSeen = toMember(live)
  run.record.otherBefore = toMember(other.now)
  run.record.productionUrl = production.url
  report(run, { live, other, production })
  const otherOptions = configurations === 'both' ? others : undefined
  const { leadsNowhere } = route
  return { live, other, production, liveOptions, otherOptions, sides, leadsNowhere }
}

/** Somebody else's split is nobody's to settle. */
const splitAlready = (
  { authority }: TrafficRouter,
  { share }: Route,
  { live, members }: { readonly live: Environment; readonly members: readonly Environment[] },
): Failure =>
  new Failure(
    `${authority} does not send all of production to ${describe(live)}: it sends ${inShares(share, members)}. Nothing was changed.`,
    [
      {
        why: 'Somebody is shifting it by hand, or stopped half way. Send everything to the one that is well, and run this again.',
      },
    ],
  )

/** The whole production name: the input's, else the journal's, else that of the blue environment, said loudly. */
async function productionName(run: Run): Promise<string> {
  const { beanstalk, report } = run.ports
  const known = await knownProductionName(run)
  if (known !== undefined) return known
  const cname = await beanstalk.cnameOf(run.settings.blueEnvironment)
  report.line(
    `No production-cname is given and nothing is remembered: taking ${cname} for the production address.`,
  )
  return cname
}

interface Pair {
  readonly names: readonly [string, string]
  readonly members: readonly Environment[]
}

async function pairOf(run: Run, cname: string): Promise<Pair> {
  const pair = await lookAtPair(run, cname)
  if (run.settings.operation !== 'verify' || (await holderAmong(run, pair.members, cname))) return pair
  // Nobody keeps a verification apart from a swap: production may have moved while they were waited for.
  return lookAtPair(run, cname)
}

async function lookAtPair(run: Run, cname: string): Promise<Pair> {
  const names = await namesOfPair(run, cname)
  return { names, members: await readyMembers(run, names) }
}

/** The members that exist, once none of them is busy; one that is ending counts as missing when it has ended. */
function readyMembers(run: Run, names: readonly string[]): Promise<readonly Environment[]> {
  let busy: readonly Environment[] = []
  return waitUntil(run, {
    sentence: `${names.join(' and ')} are Ready`,
    expected: 30_000,
    within: run.settings.waitForReady,
    whenOver: () => [
      ...busy.map(({ id }) => readEvents(id)),
      { why: 'If Beanstalk simply needs longer, raise the input `wait-for-ready`.' },
    ],
    look: async () => {
      const members = await run.ports.beanstalk.find(names)
      busy = members.filter((member) => !isReady(member))
      if (busy.length === 0) return { is: 'done', value: members }
      return { is: 'waiting', saw: busy.map((member) => `${member.name} is ${member.status}`).join(', ') }
    },
  })
}

/** What no router can do well, all of it in one message. A rollback moves what it can move. */
function refuseUnfit(run: Run, sides: readonly Side[], { moves }: TrafficRouter): void {
  const stays = moves === 'whole' ? whatStays(sides) : []
  const isWayBack = run.settings.operation === 'rollback'
  if (isWayBack) for (const { what } of stays) warn(run, what)
  const stops = [...whatStops(sides), ...(isWayBack ? [] : stays)]
  if (stops.length === 0) return
  throw new Failure(
    stops.map(({ what }) => what).join(' '),
    stops
      .map(({ mend }) => mend)
      .filter(
        ({ why, command }, at, all) =>
          at === all.findIndex((one) => one.why === why && one.command === command),
      ),
  )
}

/** Whoever goes back, goes where production was: only what is about to be proven must not be in live's place. */
function refuseSameGroup(
  { settings }: Run,
  {
    live,
    liveOptions,
    other,
    others,
  }: Pick<Plan, 'live' | 'liveOptions' | 'other'> & { readonly others: readonly OptionSetting[] | undefined },
): void {
  const [found] = sameTargetGroup({
    live: { name: live.name, options: liveOptions },
    other: { name: other.name, options: others },
    wanted: settings.optionSettings,
  })
  if (found) throw new Failure(`${found.what} Nothing was changed.`, [found.mend])
}

function report(run: Run, { live, other, production }: Pick<Plan, 'live' | 'other' | 'production'>): void {
  const { line } = run.ports.report
  const otherNow = other.now
    ? `${describe(other.now)}, health ${other.now.health}`
    : `${other.name}, does not exist`
  line(`live:       ${describe(live)}, health ${live.health}, has ${production.cname}`)
  line(`other:      ${otherNow}`)
  line(`production: ${production.url} ${seen(run, production)}`)
}

function seen(run: Run, { isReachable, isResolvable, saw }: Production): string {
  if (run.settings.probe === 'off') return 'is not probed (probe: off)'
  if (!isReachable) return `${saw}: what users see is not measured`
  return isResolvable
    ? 'answers from here'
    : 'answers from here; where its name leads cannot be compared from here'
}
