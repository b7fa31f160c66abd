import { expect } from 'vitest'
import type { CallFault, EnvironmentFault } from '../../simulator/faults.ts'
import { byHand } from '../helpers/by-hand.ts'
import type { Scenario } from '../helpers/scenario.ts'
import { type Case, tellCases } from './case.ts'
import { during, stage } from './moments.ts'
import { standing } from './standing.ts'

/** A pair whose green environment is gone, and its name free again. */
async function withoutGreen(story: Scenario, order: Parameters<typeof standing>[1] = {}) {
  const pair = await standing(story, order)
  story.aws.beanstalk.byHand.terminate(pair.green)
  await story.clock.runUntil(story.clock.now() + 20 * 60_000)
  return pair
}

const version = { version: '1.1.0' }
const first = { ...version, platform: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22' }

/** Each of Beanstalk's deployment policies, and a deployment that fails under it. */
const policies = ['AllAtOnce', 'Rolling', 'RollingWithAdditionalBatch', 'Immutable', 'TrafficSplitting'].map(
  (policy): Case => ({
    name: `The deployment fails under the policy ${policy}`,
    ends: 'failed',
    says: ['The deployment of 1.1.0 failed'],
    async play(story) {
      const options = { 'aws:elasticbeanstalk:environment/LoadBalancerType': 'application' }
      await standing(story, { policy, otherInstances: 3, options })
      story.apps.set('1.1.0', { starts: false })
      return story.run(version)
    },
  }),
)

const launches = (
  [
    ['The environment is launched with errors', 'launch-with-errors', /launch|errors/i],
    [
      'The launched environment never gets healthy',
      'never-healthy',
      'The deployment of 1.1.0 to shop-green had errors',
    ],
  ] as const satisfies readonly (readonly [string, EnvironmentFault, RegExp | string])[]
).flatMap(([name, fault, says]): Case[] =>
  (['keep', 'terminate'] as const).map((onFailure) => ({
    name: `${name}, with \`on-failure: ${onFailure}\``,
    ends: 'failed',
    says: [says],
    async play(story) {
      await withoutGreen(story)
      story.aws.cloud.faults.order({ fault, environment: 'shop-green' })
      return story.run({ ...version, 'on-failure': onFailure })
    },
  })),
)

const lost = (name: string, operation: string, fault: CallFault, isMissing: boolean): Case => ({
  name,
  ends: 'promoted',
  says: [],
  async play(story) {
    await (isMissing ? withoutGreen(story) : standing(story))
    story.aws.cloud.faults.order({ fault, operation })
    return story.run(version)
  },
})

tellCases('prepare.md', 'While the candidate is brought up', [
  {
    name: 'Beanstalk fails to deploy and goes back to the old version, Ready and Green',
    ends: 'failed',
    says: ['Failed to deploy application'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'deployment-rolls-back', version: '1.1.0' })
      return story.run(version)
    },
  },
  ...policies,
  {
    name: 'Somebody aborts the deployment',
    ends: 'failed',
    says: ['The deployment of 1.1.0 failed'],
    async play(story) {
      const { green } = await standing(story, { policy: 'Rolling', otherInstances: 3 })
      const act = () => story.aws.beanstalk.byHand.abort(green)
      return during(story, [{ when: stage('Prepare candidate'), after: 40_000, act }])
    },
  },
  {
    name: 'A managed update of the candidate is under way',
    ends: 'promoted',
    says: ['waiting until shop-blue and shop-green are Ready: shop-green is Updating'],
    async play(story) {
      const { green } = await standing(story)
      story.aws.beanstalk.byHand.managedUpdate(green)
      await story.clock.runUntil(story.clock.now() + 10_000)
      return story.run(version)
    },
  },
  {
    name: 'Somebody deploys another version to the candidate during the tests',
    ends: 'failed',
    says: [/Somebody (else works on|deployed to) shop-green/],
    async play(story) {
      const { green } = await standing(story)
      story.aws.beanstalk.given.version('shop', '0.9.0')
      const tests = async () => {
        byHand(story).beginDeploying(green, '0.9.0')
        await story.clock.sleep(300_000)
        return true
      }
      return story.run(version, { tests })
    },
  },
  {
    name: 'Somebody ends the candidate during the tests',
    ends: 'failed',
    says: [],
    async play(story) {
      const { green } = await standing(story)
      const act = () => story.aws.beanstalk.byHand.terminate(green)
      return during(story, [{ when: stage('Verify candidate'), after: 5_000, act }])
    },
  },
  {
    name: 'The candidate runs the version already',
    ends: 'promoted',
    says: ['shop-green runs 1.1.0 already.'],
    async play(story) {
      await standing(story)
      expect((await story.run({ ...version, operation: 'verify' })).outputs.outcome).toBe('verified')
      return story.run(version)
    },
  },
  {
    name: 'Auto Scaling would shrink the candidate while the tests last half an hour',
    ends: 'promoted',
    says: ['shop-green keeps at least 3 instances'],
    async play(story) {
      await standing(story, { liveInstances: 3, otherInstances: 3 })
      const tests = async () => {
        await story.clock.sleep(30 * 60_000)
        return (story.aws.beanstalk.state().environments[1]?.group?.desired ?? 0) >= 3
      }
      return story.run(version, { tests })
    },
  },
  {
    name: 'A scheduled action shrinks the candidate during the tests',
    ends: 'promoted',
    says: ['shop-green keeps at least 3 instances'],
    async play(story) {
      const { green } = await standing(story, { liveInstances: 3 })
      const tests = async () => {
        story.aws.beanstalk.byHand.setGroup(green, { min: 1, max: 4, desired: 1 })
        return true
      }
      return story.run(version, { tests })
    },
  },
  {
    name: 'The candidate may have fewer instances than live has',
    ends: 'promoted',
    says: ['shop-green keeps at least 3 instances'],
    async play(story) {
      const { green } = await standing(story, { liveInstances: 3 })
      story.aws.beanstalk.byHand.setGroup(green, { min: 1, max: 1 })
      return story.run(version)
    },
  },
  lost('The answer to the deployment is lost, and it happens', 'UpdateEnvironment', 'answer-lost', false),
  lost('The deployment is lost on its way', 'UpdateEnvironment', 'reset-before', false),
  lost('The answer to the creation is lost, and it happens', 'CreateEnvironment', 'answer-lost', true),
  lost('The creation is lost on its way', 'CreateEnvironment', 'reset-before', true),
  ...launches,
  {
    name: 'Live’s configuration names its own security group',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { blue } = await withoutGreen(story)
      await byHand(story).setOption(blue, {
        Namespace: 'aws:autoscaling:launchconfiguration',
        OptionName: 'SecurityGroups',
        Value: `sg-0a1b2c3d,awseb-${blue}-stack-AWSEBSecurityGroup`,
      })
      const seen = await story.run({ ...version, standby: 'terminate' })
      expect(story.pair()['shop-blue']).toBeUndefined()
      return seen
    },
  },
  {
    name: 'The environment of the same name is still being terminated',
    ends: 'promoted',
    says: ['shop-green does not exist: it is created with the configuration of shop-blue'],
    async play(story) {
      const { green } = await standing(story)
      story.aws.beanstalk.byHand.terminate(green)
      await story.clock.runUntil(story.clock.now() + 10_000)
      return story.run(version)
    },
  },
  {
    name: 'Another application has an environment of the same name',
    ends: 'failed',
    says: ['Environment shop-green already exists'],
    async play(story) {
      await withoutGreen(story)
      story.aws.beanstalk.given.application('other')
      await story.aws.beanstalk.given.environment({ application: 'other', name: 'shop-green' })
      return story.run(version)
    },
  },
  {
    name: 'For the first deployment, somebody else has the production address',
    ends: 'failed',
    says: ['shop.us-east-1.elasticbeanstalk.com'],
    async play(story) {
      const { given } = story.aws.beanstalk
      given.version('shop', '1.1.0')
      await given.environment({ application: 'other', name: 'other', cnamePrefix: 'shop' })
      return story.run(first)
    },
  },
  {
    name: 'For the first deployment, AWS still holds the production address after a termination',
    ends: 'failed',
    says: ['AWS holds it for a while after a termination'],
    async play(story) {
      const { given, byHand: hand } = story.aws.beanstalk
      given.version('shop', '1.1.0')
      const old = await given.environment({ application: 'shop', name: 'shop-old', cnamePrefix: 'shop' })
      hand.terminate(old.id)
      const isGone = () => !('shop-old' in story.pair())
      while (!isGone()) await story.clock.runUntil(story.clock.now() + 1_000)
      return story.run(first)
    },
  },
])
