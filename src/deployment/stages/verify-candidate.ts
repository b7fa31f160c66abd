import { sickness } from '../causes.ts'
import { describe, type Environment, isAtLeast, isEnding, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { hidden } from '../hides-version.ts'
import type { Instant, Ms } from '../ports.ts'
import type { Run } from '../run.ts'
import { type Asked, type SeenFromHere, seenFromHere } from '../seen-from-here.ts'
import { inWords, type Look, waitUntil } from '../wait-until.ts'
import { goodAfterTests } from './good-after-tests.ts'
import { testCandidate } from './test-candidate.ts'

/** What has to be proven, where, and what it is compared with. */
export type Proven = Asked

/** Health right after a deployment is often red for a while; this long it may take to become and stay good. */
const becomesGoodWithin: Ms = 10 * 60_000
const lookEvery: Ms = 10_000
/** What is well and still shows another version after this long will not change by itself. */
const showsWithin: Ms = 120_000

/** Proves the candidate while nobody depends on it: health, version on every instance, its own address, the user's tests, and health again. */
export async function verifyCandidate(run: Run, proven: Proven): Promise<void> {
  const { testCommand } = run.settings
  await proveHealthy(run, proven)
  if (testCommand === undefined) return run.ports.report.line('No test-command is given.')
  await testCandidate(run, proven, testCommand)
  await goodAfterTests(run, proven.candidate)
}

/** Proves the candidate without the user's tests: health, version on every instance, its own address. */
export async function proveHealthy(run: Run, proven: Proven): Promise<void> {
  const { candidate, version } = proven
  run.record.candidateUrl = `http://${candidate.cname}`
  const { clock, report } = run.ports
  const { healthStableFor } = run.settings
  let goodSince: Instant | undefined
  let longestGood: Ms | undefined
  let hiddenSince: Instant | undefined
  let seen: SeenFromHere = { told: [] }
  let worse: SeenFromHere | undefined
  const look = async (): Promise<Look<void>> => {
    const [now] = await run.ports.beanstalk.read([candidate.id])
    if (!now || isEnding(now)) return { is: 'doomed', failure: ended(candidate) }
    const found = await complaint(run, proven, now)
    seen = found === undefined ? await seenFromHere(run, { ...proven, candidate: now }) : { told: [] }
    const { hides } = seen
    if (hides === undefined) hiddenSince = undefined
    else {
      hiddenSince ??= clock.now()
      if (clock.now() - hiddenSince >= showsWithin) return { is: 'doomed', failure: hidden(run, hides) }
    }
    if (seen.named === 'worse') worse = seen
    if (seen.named === 'same') worse = undefined
    // That live cannot be asked at the moment makes nothing better of what was seen to be worse.
    const bad = found ?? seen.bad ?? hides ?? worse?.bad
    if (bad !== undefined) {
      goodSince = undefined
      return { is: 'waiting', saw: bad }
    }
    goodSince ??= clock.now()
    const good = clock.now() - goodSince
    longestGood = Math.max(longestGood ?? 0, good)
    if (good >= healthStableFor) return { is: 'done', value: undefined }
    return {
      is: 'waiting',
      saw: `good for ${inWords(good)}`,
      again: Math.min(healthStableFor - good, lookEvery),
    }
  }
  try {
    await waitUntil(run, {
      sentence: `${candidate.name} is good for ${inWords(healthStableFor)}`,
      expected: healthStableFor,
      within: becomesGoodWithin + healthStableFor,
      look,
    })
  } catch (thrown) {
    if (!(thrown instanceof Failure) || run.signal.aborted) throw thrown
    const meanwhile =
      longestGood === undefined ? '' : ` It was good in between, for ${inWords(longestGood)} at most.`
    const says = `The candidate is not fit: ${thrown.message}.${meanwhile}`
    const remedies = worse?.mend ? [worse.mend, ...thrown.remedies] : thrown.remedies
    throw await sickness(run, candidate, { says, remedies })
  }
  report.line(`${candidate.name} runs ${version} and was good for ${inWords(healthStableFor)}.`)
  for (const line of seen.told) report.line(line)
}

const ended = (candidate: Environment): Failure =>
  new Failure(`${describe(candidate)} is being ended, or is gone: somebody ended it meanwhile`)

/** What is wrong with it now, if anything is. */
async function complaint(run: Run, { version }: Proven, now: Environment): Promise<string | undefined> {
  const { beanstalk } = run.ports
  const { minimumHealth } = run.settings
  if (!isReady(now) || now.version !== version) return `${describe(now)} is ${now.status}`
  if (!isAtLeast(now.health, minimumHealth)) return `health is ${now.health}, wanted ${minimumHealth}`
  const labels = await beanstalk.versionsOnInstances(now.id)
  const strays = Object.entries(labels ?? {}).filter(([, label]) => label !== version)
  if (strays.length > 0) return `instance ${strays[0]?.[0]} runs ${strays[0]?.[1]}`
  return undefined
}
