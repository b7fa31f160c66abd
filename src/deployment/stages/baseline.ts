import type { Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import { overlap } from '../gates.ts'
import type { Answer, TrafficRouter } from '../ports.ts'
import { isGood } from '../production-watch.ts'
import { whereItLeads } from '../remedies.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'
import { howToFollow, staysThere, straightTo } from '../straight.ts'
import { expectationBefore } from './expectation-before.ts'

/** The production address before anything was changed: what could not be seen then fails no gate later. */
export interface Production {
  readonly cname: string
  readonly host: string
  readonly url: string
  /** Does it answer from here as users see it? Then it is watched. */
  readonly isReachable: boolean
  /** Does its name resolve, from here, to the live environment's own addresses? */
  readonly isResolvable: boolean
  /** Does it show the live version, as `production-expect` says? */
  readonly showsVersion: boolean
  /** Whether and what it answers from here, in words. */
  readonly saw: string
}

/** Who is asked about, and since when. */
export interface Baseline {
  readonly cname: string
  readonly live: Environment
  readonly other: Environment | undefined
  /** Traffic moved a moment ago: DNS answers that lead to the other environment are only old. */
  readonly isFollowed: boolean
}

/** Looks at production from here. Throws Failure when witnesses disagree, and when it cannot be seen but must be. */
export async function baseline(run: Run, { cname, live, other, isFollowed }: Baseline): Promise<Production> {
  const { probe } = run.ports
  const url = run.settings.productionUrl ?? `http://${cname}${run.settings.healthPath}`
  const host = new URL(url).hostname
  if (run.settings.probe === 'off') return { cname, host, url, ...unseen, saw: 'is not probed' }
  const [answer, at, atLive, atOther, alias] = await Promise.all([
    probe.ask(url, run.signal),
    probe.addresses(host),
    live.endpoint ? probe.addresses(live.endpoint) : [],
    other?.endpoint ? probe.addresses(other.endpoint) : [],
    host === cname ? undefined : probe.alias(host),
  ])
  const router = run.ports.routerFor({ ids: [], productionName: cname })
  refuseStraight(run, { cname, host, to: straightTo(alias, [live, other]), router })
  if (!isFollowed && overlap(at, atOther) && !overlap(at, atLive))
    throw new Failure(
      `The witnesses disagree: ${router.moves === 'whole' ? `${live.name} has the production CNAME` : `${router.authority} sends production to ${live.name}`}, but ${host} resolves to ${at.join(', ')}, which is ${other?.name}. A name that points straight at a load balancer ${staysThere(router)}.`,
      [
        { why: `See where it points. ${howToFollow(cname, router)}:`, command: whereItLeads(host) },
        {
          why: `Just after a ${router.moves === 'whole' ? 'swap' : 'change'} by hand this is only an old DNS answer: try again in two minutes.`,
        },
      ],
    )
  const isReachable = isSeen(run, answer)
  const saw =
    answer.is === 'answer'
      ? `answers from here with status ${answer.status}`
      : `does not answer from here (${answer.why})`
  if (!isReachable && run.settings.probe === 'required') throw mustBeSeen(url, saw)
  const showsVersion = await expectationBefore(run, { url, answer, live, isFollowed })
  return { cname, host, url, isReachable, isResolvable: overlap(at, atLive), showsVersion, saw }
}

const unseen = { isReachable: false, isResolvable: false, showsVersion: false }

/**
 * Who is not let in (401, 403, 404) sees nothing of production; asking for it all the time would only be counted as
 * its failures. A server error is one whoever asks.
 */
const isSeen = (run: Run, answer: Answer): boolean =>
  answer.is === 'answer' && (isGood(run, answer) || answer.status >= 500)

/** A way back is taken all the same: it serves those whose names do follow. */
function refuseStraight(
  run: Run,
  {
    cname,
    host,
    to,
    router,
  }: {
    readonly cname: string
    readonly host: string
    readonly to: Environment | undefined
    readonly router: TrafficRouter
  },
): void {
  const { operation } = run.settings
  if (!to || (operation !== 'deploy' && operation !== 'promote')) return
  throw new Failure(
    `${host} is a CNAME of the load balancer of ${to.name} itself (${to.endpoint}): it ${staysThere(router)}, and users would stay where they are.`,
    [{ why: `${howToFollow(cname, router)}. What it is now:`, command: whereItLeads(host) }],
  )
}

const mustBeSeen = (url: string, saw: string): Failure =>
  new Failure(`${url} ${saw}, and \`probe: required\` wants it to answer as users see it.`, [
    { why: 'Ask it from this runner, in a step of its own:', command: `curl -i ${shellWord(url)}` },
    {
      why: 'If only your own network reaches it, use a runner in there; or say `probe: auto`, and what users see is not measured. If users see that status too, let `health-status` say so.',
    },
  ])
