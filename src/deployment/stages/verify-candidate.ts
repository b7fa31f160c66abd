import { sickness } from '../causes.ts'
import { describe, type Environment, isAtLeast, isEnding, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { shows } from '../expectation.ts'
import type { Instant, Ms } from '../ports.ts'
import { inWordsOf, isGood } from '../production-watch.ts'
import type { Run } from '../run.ts'
import { tellResults } from '../test-results.ts'
import { type NameVerdict, underProductionName } from '../under-production-name.ts'
import { inWords, type Look, waitUntil } from '../wait-until.ts'
import { goodAfterTests } from './good-after-tests.ts'

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

/** Proves the candidate while nobody depends on it: health, version on every instance, its own address, the user's tests, and health again. */
export async function verifyCandidate(run: Run, proven: Proven): Promise<void> {
  const { testCommand } = run.settings
  await proveHealthy(run, proven)
  if (testCommand === undefined) return run.ports.report.line('No test-command is given.')
  await tests(run, proven, testCommand)
  await goodAfterTests(run, proven.candidate)
}

/** Proves the candidate without the user's tests: health, version on every instance, its own address. */
export async function proveHealthy(run: Run, proven: Proven): Promise<void> {
  const { candidate, version } = proven
  run.record.candidateUrl = `http://${candidate.cname}`
  const { clock, report } = run.ports
  const { healthStableFor } = run.settings
  let goodSince: Instant | undefined
  let named: NameVerdict | undefined
  const look = async (): Promise<Look<void>> => {
    const [now] = await run.ports.beanstalk.read([candidate.id])
    if (!now || isEnding(now)) return { is: 'doomed', failure: ended(candidate) }
    const found = await complaint(run, proven, now)
    named = await nameVerdict(run, proven)
    const bad = found ?? (named?.is === 'worse' ? named.saw : undefined)
    if (bad !== undefined) {
      goodSince = undefined
      return { is: 'waiting', saw: bad }
    }
    goodSince ??= clock.now()
    const good = clock.now() - goodSince
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
    throw await sickness(run, candidate, { says: `The candidate is not fit: ${thrown.message}.` })
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
  if (!isGood(run, answer)) return `${healthPath} answers: ${inWordsOf(answer)}`
  return hidesVersion(run, now, version)
}

/** What production has to show of this version later, the candidate has to show before. Undefined when it does. */
async function hidesVersion(
  run: Run,
  { cname, endpoint }: Environment,
  version: string,
): Promise<string | undefined> {
  const { productionExpect: expectation, productionUrl } = run.settings
  if (!expectation) return undefined
  const { probe } = run.ports
  const { pathname, search } = new URL(run.record.productionUrl as string)
  const own = await probe.ask(`http://${cname}${pathname}${search}`, run.signal)
  const shown = shows(expectation, version, own)
  if (shown.is) return undefined
  const named = productionUrl && endpoint ? await probe.ask(productionUrl, run.signal, endpoint) : own
  if (shows(expectation, version, named).is) return undefined
  return `it does not show ${version} at ${pathname}, as \`production-expect\` says: ${shown.saw}`
}

async function tests(run: Run, { candidate, version }: Proven, command: string): Promise<void> {
  const { settings, ports, record } = run
  const url = record.candidateUrl as string
  const result = await ports.tests.run({
    command,
    shell: settings.shell,
    report: settings.testReport,
    variables: {
      CANDIDATE_URL: url,
      GREEN_URL: url,
      BASE_URL: url,
      VERSION: version,
      ENVIRONMENT_NAME: candidate.name,
    },
    within: settings.testTimeout,
    signal: run.signal,
  })
  run.signal.throwIfAborted()
  record.testsPassed = result.is === 'passed'
  if (result.results) tellResults(run, result.results, record.testsPassed)
  if (result.is === 'passed') return ports.report.line('The tests passed.')
  throw new Failure(
    `The tests ${result.is === 'failed' ? 'failed' : 'ran out of time'} against ${candidate.name}: ${result.says}.`,
    [
      {
        why: 'See for yourself; the candidate has no traffic:',
        command: `curl -i ${url}${settings.healthPath}`,
      },
    ],
    candidate,
  )
}
