import { sickness } from '../causes.ts'
import { type Environment, isAtLeast, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { Instant, Ms } from '../ports.ts'
import type { Run } from '../run.ts'
import { inWords, type Look, waitUntil } from '../wait-until.ts'

/** Instances report every 10 s [DG:health-enhanced]: what the last requests made of the health is seen by then. */
const shownWithin: Ms = 25_000
/** Beanstalk judges the last requests; this long they may be the tests' own, or nobody's. */
const forgottenWithin: Ms = 10 * 60_000
const lookEvery: Ms = 10_000

/**
 * Waits until Beanstalk's health is good, and not only still good, after the tests: what they asked for and got 4xx or 5xx
 * for on purpose counts in it, and would be taken for a failure under real traffic.
 */
export async function goodAfterTests(run: Run, { id, name, version }: Environment): Promise<void> {
  const { beanstalk, clock, report } = run.ports
  const { minimumHealth } = run.settings
  const began = clock.now()
  let goodSince: Instant | undefined
  let wasBad = false
  const look = async (): Promise<Look<void>> => {
    const [now] = await beanstalk.read([id])
    // Whoever goes on from here refuses what somebody changed meanwhile.
    if (!now || !isReady(now) || now.version !== version) return { is: 'done', value: undefined }
    if (!isAtLeast(now.health, minimumHealth)) {
      const saw = `health is ${now.health}, wanted ${minimumHealth}`
      if (!wasBad) report.line(`After the tests: ${saw}. ${why} Waiting until it is good again.`)
      wasBad = true
      goodSince = undefined
      return { is: 'waiting', saw, again: lookEvery }
    }
    goodSince ??= clock.now()
    const left = shownWithin - (clock.now() - goodSince)
    if (left <= 0) return { is: 'done', value: undefined }
    return { is: 'waiting', saw: `health is ${now.health}`, again: Math.min(left, lookEvery) }
  }
  try {
    await waitUntil(run, {
      sentence: `${name} is good again after the tests`,
      expected: shownWithin,
      within: forgottenWithin,
      look,
    })
  } catch (thrown) {
    if (!(thrown instanceof Failure) || run.signal.aborted) throw thrown
    const says = `The tests passed, but ${thrown.message}. ${why}`
    throw await sickness(run, { id, name }, { says, remedies: [likelyTests] })
  }
  if (wasBad) report.line(`${name} is good again, ${inWords(clock.now() - began)} after the tests.`)
}

const why =
  "The tests' own requests count in Beanstalk's health: where it names failing ones, their 4xx and 5xx are a likely cause."

const likelyTests = {
  why: 'If the tests provoke 4xx or 5xx on purpose and the version is well: look whether something still sends such requests, let the tests end with requests that succeed, or lower `minimum-health`.',
}
