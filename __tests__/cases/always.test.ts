import { expect } from 'vitest'
import type { CallFault } from '../../simulator/faults.ts'
import type { Inputs, Scenario } from '../helpers/scenario.ts'
import { type Case, tellCases } from './case.ts'
import { during, stage } from './moments.ts'
import { standing } from './standing.ts'

const inputs: Inputs = { standby: 'terminate' }

/** What a deployment calls. The swap, which is never sent twice, has cases of its own. */
const calls = [
  'CheckDNSAvailability',
  'CreateStorageLocation',
  'DescribeApplicationVersions',
  'DescribeAutoScalingGroups',
  'DescribeConfigurationSettings',
  'DescribeEnvironmentHealth',
  'DescribeEnvironmentResources',
  'DescribeEnvironments',
  'DescribeEvents',
  'DescribeInstancesHealth',
  'GetCallerIdentity',
  'GetObject',
  'PutObject',
  'TerminateEnvironment',
  'UpdateAutoScalingGroup',
  'UpdateEnvironment',
]

const faults: readonly (readonly [string, CallFault])[] = [
  ['throttled', 'throttled'],
  ['answered with a 500', 'server-error'],
  ['answered with a 503 and a page of HTML', 'unavailable'],
  ['cut off before it arrives', 'reset-before'],
  ['cut off after it took effect', 'answer-lost'],
  ['never answered', 'unanswered'],
  ['answered after 25 seconds', 'slow'],
]

const faulty = faults.map(
  ([what, fault]): Case => ({
    name: `Every kind of call is ${what} once`,
    ends: 'promoted',
    says: [],
    async play(story) {
      await standing(story)
      for (const operation of calls) story.aws.cloud.faults.order({ fault, operation, forMs: 25_000 })
      const seen = await story.run({ version: '1.1.0', ...inputs })
      const called = new Set(story.aws.calls.map(({ operation }) => operation))
      called.delete('SwapEnvironmentCNAMEs')
      expect([...called].sort()).toEqual(calls)
      return seen
    },
  }),
)

/** AWS turns everything away for so long, from a moment of the deployment on. */
const storm = (fault: CallFault, at: string, minutes: number): Case => ({
  name: `For ${minutes} minutes every call is ${faults.find(([, one]) => one === fault)?.[0]}, in “${at}”`,
  ends: 'promoted',
  says: [],
  async play(story) {
    await standing(story)
    const { faults: ordered } = story.aws.cloud
    const act = () => {
      ordered.order({ fault, operation: '*', times: 1e6 })
      story.clock.at(story.clock.now() + minutes * 60_000, () => ordered.clear())
    }
    return during(story, [{ when: stage(at), after: 5_000, act }], { inputs })
  },
})

const skewed = (name: string, clockAheadMs: number): Case => ({
  name,
  ends: 'promoted',
  says: [],
  async play(story) {
    await standing(story)
    return story.run({ version: '1.1.0', ...inputs }, { clockAheadMs })
  },
})

/** A moment in every stage. */
const stages = [
  ['Plan', 20],
  ['Publish version', 20],
  ['Prepare candidate', 30_000],
  ['Verify candidate', 10_000],
  ['Shift traffic', 500],
  ['Bake', 60_000],
  ['Retire standby', 30_000],
] as const

const cancelled = stages.map(
  ([title, after]): Case => ({
    name: `The job is cancelled in “${title}”, and its post step settles what is open`,
    ends: 'recovered',
    says: [],
    async play(story) {
      await standing(story)
      const main = await during(story, [{ when: stage(title), after, act: (running) => running.cancel() }], {
        inputs,
      })
      return story.post(main, { version: '1.1.0', ...inputs })
    },
  }),
)

const killed = stages.map(
  ([title, after]): Case => ({
    name: `The runner dies in “${title}”, and \`recover\` settles what is open`,
    ends: 'recovered',
    says: [],
    async play(story: Scenario) {
      await standing(story)
      await during(story, [{ when: stage(title), after, act: (running) => running.kill() }], { inputs })
      return story.run({ operation: 'recover' })
    },
  }),
)

tellCases('always.md', 'At any time', [
  ...faulty,
  storm('throttled', 'Prepare candidate', 2),
  storm('server-error', 'Bake', 2),
  storm('unanswered', 'Verify candidate', 2),
  skewed('The runner’s clock is five minutes ahead', 5 * 60_000),
  skewed('The runner’s clock is five minutes behind', -5 * 60_000),
  {
    name: 'The job is cancelled in the bake',
    ends: 'failed',
    says: ['Cancelled. The post step settles what is open'],
    leaves: ['lock', 'pending'],
    async play(story) {
      await standing(story)
      return during(story, [{ when: stage('Bake'), after: 60_000, act: (running) => running.cancel() }], {
        inputs,
      })
    },
  },
  ...cancelled,
  ...killed,
  {
    name: 'The credentials have expired before the deployment begins',
    ends: 'failed',
    says: ['AWS does not accept the credentials', '`role-to-assume`'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'expired-credentials', operation: '*', times: 1e6 })
      return story.run({ version: '1.1.0' })
    },
  },
])
