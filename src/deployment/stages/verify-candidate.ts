import { sickness } from '../causes.ts'
import { describe, type Environment, isAtLeast, isEnding, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { hidden, hidesVersion } from '../hides-version.ts'
import type { Instant, Ms } from '../ports.ts'
import { inWordsOf, isGood } from '../production-watch.ts'
import type { Run } from '../run.ts'
import { type NameVerdict, underProductionName } from '../under-production-name.ts'
import { inWords, type Look, waitUntil } from '../wait-until.ts'
import { goodAfterTests } from './good-after-tests.ts'
import { testCandidate } from './test-candidate.ts'

/** What has to be proven, and where. */
export interface Proven {
  readonly candidate: Environment
  readonly version: string
  /** Did production answer from here before? If nothing does, an address that does not answer proves nothing. */
  readonly canProbe: boolean
  /** Who has production meanwhile, and is what the candidate is compared with; nobody has when it is the first. */
  readonly live: Environment | undefined
}

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
  let named: NameVerdict | undefined
  const look = async (): Promise<Look<void>> => {
    const [now] = await run.ports.beanstalk.read([candidate.id])
    if (!now || isEnding(now)) return { is: 'doomed', failure: ended(candidate) }
    const found = await complaint(run, proven, now)
    named = await nameVerdict(run, proven)
    const hides = found === undefined ? await hidesVersion(run, proven, now) : undefined
    if (hides === undefined) hiddenSince = undefined
    else {
      hiddenSince ??= clock.now()
      if (clock.now() - hiddenSince >= showsWithin) return { is: 'doomed', failure: hidden(run, hides) }
    }
    const bad = found ?? (named?.is === 'worse' ? named.saw : hides)
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
    throw await sickness(run, candidate, { says, remedies: thrown.remedies })
  }
  report.line(`${candidate.name} runs ${version} and was good for ${inWords(healthStableFor)}.`)
  if (named?.is === 'same') report.line(`It ${named.saw}.`)
  if (named?.is === 'not comparable') report.line(`Not seen under production's name: ${named.saw}.`)
}

/** Undefined where users open no other name than Beanstalk's. */
async function nameVerdict(
  run: Run,
  { candidate, live, canProbe }: Proven,
): Promise<NameVerdict | undefined> {
  const url = run.settings.productionUrl
  if (!url || !live || !canProbe) return undefined
  return underProductionName(run, { url, live, candidate })
}

const ended = (candidate: Environment): Failure =>
  new Failure(`${describe(candidate)} is being ended, or is gone: somebody ended it meanwhile`)

/** What is wrong with it now, if anything is. */
async function complaint(
  run: Run,
  { version, canProbe }: Proven,
  now: Environment,
): Promise<string | undefined> {
  const { beanstalk, probe } = run.ports
  const { minimumHealth, healthPath } = run.settings
  if (!isReady(now) || now.version !== version) return `${describe(now)} is ${now.status}`
  if (!isAtLeast(now.health, minimumHealth)) return `health is ${now.health}, wanted ${minimumHealth}`
  const labels = await beanstalk.versionsOnInstances(now.id)
  const strays = Object.entries(labels ?? {}).filter(([, label]) => label !== version)
  if (strays.length > 0) return `instance ${strays[0]?.[0]} runs ${strays[0]?.[1]}`
  if (run.settings.probe === 'off') return undefined
  const answer = await probe.ask(`http://${now.cname}${healthPath}`, run.signal)
  if (answer.is === 'no answer' && !canProbe) return undefined
  return isGood(run, answer) ? undefined : `${healthPath} answers: ${inWordsOf(answer)}`
}
