import type { Scenario } from '../helpers/scenario.ts'
import { production } from '../helpers/scenario.ts'
import { tellCases } from './case.ts'
import { during, stage } from './moments.ts'
import { standing } from './standing.ts'

tellCases('shift-and-bake.md', 'While traffic moves, and afterwards', [
  {
    name: 'The answer to the swap is lost, and it happens',
    ends: 'promoted',
    says: ['The answer was lost. It is not sent again'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'SwapEnvironmentCNAMEs' })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The swap is lost on its way, and never happens',
    ends: 'failed',
    says: ['The CNAME swap did not happen'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'reset-before', operation: 'SwapEnvironmentCNAMEs' })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The swap is refused because somebody else began to work on the environment',
    ends: 'failed',
    says: [/Somebody else work(s|ed) on shop-green/],
    async play(story) {
      const { green } = await standing(story)
      return during(story, [
        {
          when: stage('Shift traffic'),
          after: 300,
          act: () => story.aws.beanstalk.byHand.managedUpdate(green),
        },
      ])
    },
  },
  {
    name: 'AWS answers slowly right before the switch',
    ends: 'promoted',
    says: [/What was seen of both is \d+ s old: looking again/],
    async play(story) {
      await standing(story)
      return during(story, [{ when: stage('Shift traffic'), act: () => slow(story, 2) }])
    },
  },
  {
    name: 'AWS goes on answering slowly before the switch',
    ends: 'failed',
    says: [/AWS takes 15 s to answer: whether shop-green is still well cannot be seen in time/],
    async play(story) {
      await standing(story)
      return during(story, [{ when: stage('Shift traffic'), act: () => slow(story, 30) }])
    },
  },
  {
    name: 'The role may not swap',
    ends: 'failed',
    says: ['"Action":"elasticbeanstalk:SwapEnvironmentCNAMEs"'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'denied', operation: 'SwapEnvironmentCNAMEs', times: 99 })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'A managed update of the live environment begins during the tests',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { blue } = await standing(story)
      return during(story, [
        {
          when: stage('Verify candidate'),
          after: 20_000,
          act: () => story.aws.beanstalk.byHand.managedUpdate(blue),
        },
      ])
    },
  },
  {
    name: 'A managed update of the candidate begins during the tests',
    ends: 'failed',
    says: [],
    async play(story) {
      const { green } = await standing(story)
      return during(story, [
        {
          when: stage('Verify candidate'),
          after: 40_000,
          act: () => story.aws.beanstalk.byHand.managedUpdate(green),
        },
      ])
    },
  },
  {
    name: 'The new version fails under real traffic',
    ends: 'rolled-back',
    says: [],
    usersSeeFailures: true,
    // There is no other way to move a name than the call that AWS refuses then.
    otherwise: {
      ends: 'stuck',
      says: ['It could not be taken back', 'Must not be Red'],
      leaves: ['lock', 'pending'],
    },
    async play(story) {
      await standing(story)
      story.apps.set('1.1.0', { failsAfterRequests: 100 })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The new version fails under real traffic while its way back is being updated',
    ends: 'rolled-back',
    says: [],
    usersSeeFailures: true,
    otherwise: { ends: 'stuck', says: ['Must not be Red'], leaves: ['lock', 'pending'] },
    async play(story) {
      const { blue } = await standing(story)
      return during(story, [
        { when: stage('Bake'), after: 30_000, act: () => story.aws.beanstalk.byHand.managedUpdate(blue) },
        { when: 'way back is closed', act: () => story.apps.set('1.1.0', { status: 500 }) },
      ])
    },
  },
  {
    name: 'Somebody ends the standby in the bake, and the new version is well',
    ends: 'promoted',
    says: ['The way back is closed'],
    async play(story) {
      const { blue } = await standing(story)
      return during(story, [
        { when: stage('Bake'), after: 100_000, act: () => story.aws.beanstalk.byHand.terminate(blue) },
      ])
    },
  },
  {
    name: 'Somebody ends the standby in the bake, and then the new version fails',
    ends: 'stuck',
    says: ['there is no way back'],
    usersSeeFailures: true,
    leaves: ['lock', 'pending'],
    async play(story) {
      const { blue } = await standing(story)
      return during(story, [
        { when: stage('Bake'), after: 100_000, act: () => story.aws.beanstalk.byHand.terminate(blue) },
        { when: 'way back is closed', act: () => story.apps.set('1.1.0', { status: 500 }) },
      ])
    },
  },
  {
    name: 'Both sides are sick: the database that they share is down',
    ends: 'stuck',
    says: ['there is no way back'],
    usersSeeFailures: true,
    leaves: ['lock', 'pending'],
    async play(story) {
      await standing(story)
      return during(story, [
        {
          when: stage('Bake'),
          after: 60_000,
          act: () => {
            for (const version of ['1.0.0', '1.1.0']) story.apps.set(version, { status: 500 })
          },
        },
      ])
    },
  },
  {
    name: 'The runner loses its network to both environments in the bake',
    ends: 'promoted',
    says: [],
    async play(story) {
      await standing(story)
      const how = { canSee: true }
      return during(
        story,
        [{ when: stage('Bake'), after: 60_000, act: () => Object.assign(how, { canSee: false }) }],
        {
          how,
        },
      )
    },
  },
  {
    name: 'Somebody swaps in the console during the tests',
    ends: 'failed',
    says: ['Somebody moved production meanwhile'],
    async play(story) {
      const { blue, green } = await standing(story)
      return during(story, [
        {
          when: stage('Verify candidate'),
          after: 20_000,
          act: () => story.aws.beanstalk.byHand.swap(blue, green),
        },
      ])
    },
  },
  {
    name: 'Somebody swaps in the console at the same moment',
    ends: 'failed',
    says: ['Somebody moved production meanwhile'],
    async play(story) {
      const { blue, green } = await standing(story)
      return during(story, [
        { when: stage('Shift traffic'), after: 300, act: () => story.aws.beanstalk.byHand.swap(blue, green) },
      ])
    },
  },
  {
    name: 'Somebody swaps back in the console in the bake',
    ends: 'rolled-back',
    says: ['Somebody moved production back to shop-blue during the bake'],
    async play(story) {
      const { blue, green } = await standing(story)
      return during(story, [
        { when: stage('Bake'), after: 60_000, act: () => story.aws.beanstalk.byHand.swap(blue, green) },
      ])
    },
  },
  {
    name: 'Clients keep the old DNS answer for ten minutes, and the standby is to be terminated',
    ends: 'promoted',
    says: [],
    async play(story) {
      // With one instance the last client of all is more than a load balancer's own checks would be.
      await standing(story, { liveInstances: 1 })
      story.users(production, { ttlFactor: 15 })
      return story.run({ version: '1.1.0', standby: 'terminate' })
    },
  },
  {
    name: 'Clients never ask DNS again, and the standby is to be terminated',
    ends: 'promoted',
    says: ['still serves'],
    async play(story) {
      await standing(story)
      story.users(production, { ttlFactor: 1_000 })
      return story.run({ version: '1.1.0', standby: 'terminate' })
    },
  },
  {
    name: 'The standby cannot be terminated: a security group is in use elsewhere',
    ends: 'promoted',
    says: [/could not be terminated/],
    leaves: ['pending'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'terminate-fails', environment: 'shop-blue' })
      return story.run({ version: '1.1.0', standby: 'terminate' })
    },
  },
  {
    name: 'The answer to the termination of the standby is lost, and it happens',
    ends: 'promoted',
    says: ['shop-blue is terminated'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'TerminateEnvironment' })
      return story.run({ version: '1.1.0', standby: 'terminate' })
    },
  },
  {
    name: 'The termination of the standby is lost on its way',
    ends: 'promoted',
    says: ['shop-blue is terminated'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'reset-before', operation: 'TerminateEnvironment' })
      return story.run({ version: '1.1.0', standby: 'terminate' })
    },
  },
  {
    name: 'Somebody shrinks the standby in the bake, and then the new version fails',
    ends: 'rolled-back',
    says: [],
    usersSeeFailures: true,
    otherwise: { ends: 'stuck', says: ['Must not be Red'], leaves: ['lock', 'pending'] },
    async play(story) {
      const { blue } = await standing(story, { liveInstances: 3 })
      return during(story, [
        {
          when: stage('Bake'),
          after: 60_000,
          act: () => story.aws.beanstalk.byHand.setGroup(blue, { min: 1, desired: 1 }),
        },
        { when: 'health pass', after: 90_000, act: () => story.apps.set('1.1.0', { status: 500 }) },
      ])
    },
  },
  {
    name: 'The credentials end in the bake',
    ends: 'stuck',
    says: [],
    leaves: ['lock', 'pending'],
    async play(story) {
      await standing(story)
      return during(story, [
        {
          when: stage('Bake'),
          after: 60_000,
          act: () =>
            story.aws.cloud.faults.order({ fault: 'expired-credentials', operation: '*', times: 1e6 }),
        },
      ])
    },
  },
  {
    name: 'Somebody deletes the state object in the bake',
    ends: 'stuck',
    says: [],
    leaves: ['lock', 'pending'],
    async play(story) {
      await standing(story)
      return during(story, [
        {
          when: stage('Bake'),
          after: 60_000,
          act: () => {
            const { buckets } = story.aws
            const [bucket = ''] = buckets.names()
            for (const key of buckets.keys(bucket, 'blue-green/')) buckets.remove(bucket, key)
          },
        },
      ])
    },
  },
  {
    name: 'The answer to a write of the journal is lost right before the swap',
    ends: 'promoted',
    says: [],
    async play(story) {
      await standing(story)
      return during(story, [
        {
          when: stage('Shift traffic'),
          act: () => story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'PutObject' }),
        },
      ])
    },
  },
  {
    name: 'The journal cannot be written right before the swap',
    ends: 'failed',
    says: [],
    leaves: ['lock', 'pending'],
    async play(story) {
      await standing(story)
      return during(story, [
        {
          when: stage('Shift traffic'),
          act: () =>
            story.aws.cloud.faults.order({ fault: 'server-error', operation: 'PutObject', times: 1_000 }),
        },
      ])
    },
  },
])

/** So many answers to the question how the environments are take fifteen seconds. */
const slow = (story: Scenario, times: number) =>
  story.aws.cloud.faults.order({ fault: 'slow', operation: 'DescribeEnvironments', times, forMs: 15_000 })
