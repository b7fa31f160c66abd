import { expect } from 'vitest'
import type { Probe } from '../../src/deployment/ports.ts'
import type { Seen } from '../helpers/runner.ts'
import type { Scenario } from '../helpers/scenario.ts'
import { tellCases } from './case.ts'
import { secret, standing } from './standing.ts'

const version = '1.1.0'

/** What the tests wrote into their reports. */
const results = { passed: 40, failed: 0, skipped: 0, took: 12_000, suites: [], failures: [], complaints: [] }

/** Tests that ask for so many pages that are not there, among as many that are. */
const provoking =
  (times: number) =>
  async ({ CANDIDATE_URL = '' }: Readonly<Record<string, string>>, ask: Probe['ask']) => {
    for (let sent = 0; sent < times; sent++) await ask(`${CANDIDATE_URL}${sent % 2 ? '/nothing' : '/health'}`)
    return true
  }

/** Users ask for what is not there, as bots do everywhere; the health check does not. */
const withBots = (story: Scenario, oneIn: number) => {
  for (const label of ['1.0.0', version])
    story.apps.set(label, {
      respond: ({ path, check }, { served }) =>
        !check && path !== '/health' && served % oneIn === 0 ? { status: 404 } : undefined,
    })
}

/** In the log; what a failed step says in its error is short. */
function expectHeard({ log, summary }: Seen, parts: readonly string[]): void {
  for (const part of parts) expect(log.join('\n')).toContain(part)
  expect(summary).not.toContain(secret)
}

tellCases('verify.md', 'While the candidate is proven', [
  {
    name: 'The candidate never becomes healthy, though it answers',
    ends: 'failed',
    says: ['The candidate is not fit', "Beanstalk's causes", 'health is Severe, wanted Ok'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'never-healthy', version })
      return story.run({ version })
    },
  },
  {
    name: 'Its health comes and goes',
    ends: 'failed',
    says: ['until shop-green is good for 1 min', /It was good in between, for \d+ s at most/],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'health-flaps', version })
      return story.run({ version, 'health-stable-for': '1m' })
    },
  },
  {
    name: 'Its own address answers 500, and Beanstalk finds it Ok',
    ends: 'failed',
    says: ['/health answers: status 500'],
    async play(story) {
      await standing(story)
      story.apps.set(version, { failsPath: { '/health': 500 } })
      return story.run({ version })
    },
  },
  {
    name: 'It prints a password and answers nothing but errors',
    ends: 'failed',
    says: ['The candidate is not fit', 'in its summary'],
    async play(story) {
      await standing(story)
      story.apps.set(version, {
        status: 500,
        failsPath: { '/health': 500 },
        output: `connecting as shop with ${secret}\n::error::connection refused\nwill try again for ever`,
      })
      const seen = await story.run({ version })
      expectHeard(seen, ['connecting as shop with ***', ': :error::connection refused'])
      return seen
    },
  },
  {
    name: 'The role may not pull logs',
    ends: 'failed',
    says: ['The tests failed', 'request-environment-info --info-type tail'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'denied', operation: 'RequestEnvironmentInfo' })
      const seen = await story.run({ version }, { tests: async () => false })
      expectHeard(seen, ['They could not be read: ', 'elasticbeanstalk:RequestEnvironmentInfo'])
      return seen
    },
  },
  {
    name: 'Live itself is at Warning, since bots ask for what is not there',
    ends: 'promoted',
    says: [/live: +shop-blue .* health Warning/],
    usersSeeFailures: true,
    async play(story) {
      await standing(story)
      withBots(story, 10)
      await story.clock.runUntil(story.clock.now() + 120_000)
      return story.run({ version })
    },
  },
  {
    name: 'The tests ask for what is not there, and Beanstalk counts it as failures',
    ends: 'promoted',
    says: ["The tests' own requests count in Beanstalk's health", 'shop-green is good again'],
    async play(story) {
      await standing(story)
      story.apps.set(version, { failsPath: { '/nothing': 404 } })
      return story.run({ version }, { tests: provoking(40) })
    },
  },
  {
    name: 'The tests fail',
    ends: 'failed',
    says: ['The tests failed against shop-green: exit code 1', 'curl -i http://shop-green'],
    async play(story) {
      await standing(story)
      return story.run({ version }, { tests: async () => false })
    },
  },
  {
    name: 'The tests do not end',
    ends: 'failed',
    says: ['The tests ran out of time against shop-green', '`test-timeout`'],
    async play(story) {
      await standing(story)
      return story.run({ version }, { tests: async () => 'timed out' })
    },
  },
  {
    name: 'The tests pass, and their reports cannot be read',
    ends: 'promoted',
    says: ['reports/junit.xml could not be read: a DOCTYPE is not accepted'],
    async play(story) {
      await standing(story)
      const complaints = ['reports/junit.xml could not be read: a DOCTYPE is not accepted.']
      return story.run({ version }, { results: { ...results, complaints } })
    },
  },
  {
    name: 'The tests pass, and their reports speak of failed ones',
    ends: 'promoted',
    says: ['its reports have 2 failed tests. Its ending counts.'],
    async play(story) {
      await standing(story)
      return story.run({ version }, { results: { ...results, failed: 2 } })
    },
  },
  {
    name: 'The application crashes while the tests run, and they pass',
    ends: 'failed',
    says: ['The tests passed, but', 'health is Severe, wanted Ok'],
    async play(story) {
      await standing(story)
      const tests = async () => {
        story.apps.set(version, { status: 503, failsPath: { '/health': 503 } })
        await story.clock.sleep(120_000)
        return true
      }
      return story.run({ version }, { tests })
    },
  },
  {
    name: 'One of two instances does not start the new version',
    ends: 'failed',
    says: ['does not run it'],
    async play(story) {
      await standing(story, { otherInstances: 2 })
      let started = 0
      story.apps.set(version, {
        get starts() {
          started += 1
          return started % 2 === 1
        },
      })
      return story.run({ version })
    },
  },
  {
    name: 'Nothing can be reached from the runner',
    ends: 'promoted',
    says: ['does not answer from here as users see it, so what users saw was not measured'],
    async play(story) {
      await standing(story)
      return story.run({ version }, { canSee: false })
    },
  },
  {
    name: 'Nothing can be reached from the runner, and probe is required',
    ends: 'failed',
    says: ['does not answer from here (no route from here)', '`probe: required`'],
    async play(story) {
      await standing(story)
      return story.run({ version, probe: 'required' }, { canSee: false })
    },
  },
  {
    name: 'The candidate shows another version than production-expect says',
    ends: 'failed',
    says: [
      'it does not show 1.1.0 at /health',
      'its header x-version is “1.0.9”, not “1.1.0”',
      'correct `production-expect`',
    ],
    async play(story) {
      await standing(story)
      story.apps.set(version, { respond: () => ({ headers: { 'x-version': '1.0.9' } }) })
      return story.run({ version, 'production-expect': 'header x-version = {version}' })
    },
  },
  {
    name: 'The new version is the first that shows itself',
    ends: 'promoted',
    says: ['Production does not show 1.0.0 now', '“Version 1.0.0” is not in its answer'],
    async play(story) {
      await standing(story)
      story.apps.set(version, { respond: () => ({ body: `<h1>Version ${version}</h1>` }) })
      return story.run({ version, 'production-expect': 'text Version {version}' })
    },
  },
])
