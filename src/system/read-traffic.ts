import type { Environment } from '../deployment/environment.ts'
import { Failure, Unreachable } from '../deployment/errors.ts'
import type { Beanstalk, Clock, Ms, Route, RoutedPair } from '../deployment/ports.ts'
import { perCentOf, readWeights, type Weights } from './traffic-weights.ts'
import type { Ran, UserCommand } from './user-command.ts'
import { whatIsWhat } from './what-is-what.ts'

/** What is needed to ask, and to tell, where traffic goes. */
export interface Asking {
  readonly run: UserCommand
  readonly read: string
  readonly write: string
  readonly shell: string
  readonly beanstalk: Pick<Beanstalk, 'find' | 'read'>
  readonly pair: RoutedPair
  /** The names of the inputs, `blue-environment` and `green-environment`. */
  readonly names: readonly [blue: string, green: string]
  /** How long clients may keep an answer, in ms. */
  readonly ttl: Ms
  readonly clock: Clock
  /** Ends a command that runs. */
  readonly signal: AbortSignal
  /** Makes a text from outside harmless, without secrets, and short. */
  readonly quote: (text: string) => string
}

/** Where traffic goes, as the command told it. */
export interface TrafficSeen {
  /** Nothing stands there yet. */
  readonly isEmpty: boolean
  readonly weights: Weights
  /** Whole per cent, by id of the pair. */
  readonly share: Route['share']
  /** For people: `90 % shop-blue, 10 % shop-green`. */
  readonly says: string
  /** Of the pair, as they are now. */
  readonly members: readonly Environment[]
}

/** A provider's API answers within seconds, also when the command asks it for some things. */
export const commandWithin: Ms = 2 * 60_000

const tries = 3
const pause: Ms = 5_000

/**
 * Asks the user's command. What fails is asked again a few times. Throws Unreachable when it goes on failing, Failure when
 * it printed something else than weights of this pair.
 */
export async function readTraffic(asking: Asking): Promise<TrafficSeen> {
  const members = await membersOf(asking)
  const names = [...new Set([...asking.names, ...members.map(({ name }) => name)])]
  const weights = await weightsOf(asking, members)
  const stranger = Object.keys(weights).find((name) => !names.includes(name) && (weights[name] ?? 0) > 0)
  const known = members.filter(({ id }) => asking.pair.ids.includes(id))
  const byName = perCentOf(
    weights,
    known.map(({ name }) => name),
  )
  const says = Object.entries(perCentOf(weights, Object.keys(weights)))
    .map(([name, percent]) => `${percent} % ${asking.quote(name)}`)
    .join(', ')
  if (stranger !== undefined)
    throw new Failure(
      `\`read-traffic-command\` says ${says}: ${asking.quote(stranger)} is neither ${asking.names.join(' nor ')}.`,
      [
        {
          why: 'It has to print the names of the Beanstalk environments. If traffic does go elsewhere, bring it to one of these two first.',
        },
      ],
    )
  return {
    isEmpty: Object.keys(weights).length === 0,
    weights,
    share: Object.fromEntries(known.map(({ id, name }) => [id, byName[name] ?? 0])),
    says: says || 'that nothing stands there yet',
    members,
  }
}

/** Those of the inputs, and those that traffic moves between, which may be others in a verification. */
async function membersOf({ beanstalk, pair, names }: Asking): Promise<readonly Environment[]> {
  const members = await beanstalk.find(names)
  const others = pair.ids.filter((id) => !members.some((member) => member.id === id))
  return others.length === 0 ? members : [...members, ...(await beanstalk.read(others))]
}

/** A dropped connection is no reason to take anything back; nor is half of an answer. */
async function weightsOf(asking: Asking, members: readonly Environment[]): Promise<Weights> {
  const { run, read, shell, signal, clock, quote } = asking
  for (let tried = 1; ; tried += 1) {
    const variables = whatIsWhat(asking, members)
    const ran = await run({
      command: read,
      prints: 'an answer',
      shell,
      signal,
      within: commandWithin,
      variables,
    })
    try {
      if (ran.is !== 'passed')
        throw new Unreachable(`\`read-traffic-command\` failed: ${howItEnded(ran, quote)}`, [mendReading])
      return readWeights(ran.printed, { quote, names: asking.names })
    } catch (thrown) {
      if (tried === tries || ran.is === 'timed out') throw thrown
    }
    await clock.sleep(pause, signal)
  }
}

/** How a command ended and what it said last, for people. */
export const howItEnded = ({ says, lastLine }: Ran, quote: Asking['quote']): string =>
  lastLine === '' ? `${says}.` : `${says}, and said last: “${quote(lastLine)}”.`

const mendReading = {
  why: 'What `read-traffic-command` says is in the log: look whether its provider answers, and whether its token still may; then run again.',
}
