import { byHand } from '../helpers/by-hand.ts'
import type { Scenario } from '../helpers/scenario.ts'
import { tellCases } from './case.ts'
import { property, secret, standing } from './standing.ts'

const type = 'aws:autoscaling:launchconfiguration/InstanceType'
const tracing = 'aws:elasticbeanstalk:xray/XRayEnabled'
const older = '64bit Amazon Linux 2023 v6.5.2 running Node.js 22'

/** The candidate has another instance type, another password, a property of its own, and lacks one of live's. */
const drifted = async (story: Scenario, other: { description?: string; stack?: string } = {}) => {
  await standing(story, {
    options: { [type]: 't3.large', [property('QUEUE')]: 'orders' },
    other: {
      ...other,
      options: {
        [type]: 't3.micro',
        [property('DB_PASSWORD')]: `${secret}-of-old`,
        [property('BETA')]: 'yes',
      },
    },
  })
}

tellCases('configuration.md', 'When the two environments are configured differently', [
  {
    name: 'The candidate, which somebody else made, is configured otherwise than live',
    ends: 'failed',
    says: ['InstanceType (t3.large on shop-blue, t3.micro on shop-green)', 'DB_PASSWORD (differs)'],
    async play(story) {
      await drifted(story)
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The same with configuration: keep',
    ends: 'promoted',
    says: ['shop-green keeps its own configuration'],
    async play(story) {
      await drifted(story)
      return story.run({ version: '1.1.0', configuration: 'keep' })
    },
  },
  {
    name: 'The same with configuration: sync',
    ends: 'promoted',
    says: ["shop-green gets shop-blue's values"],
    async play(story) {
      await drifted(story)
      const seen = await story.run({ version: '1.1.0', configuration: 'sync' })
      await shouldHave(story, {
        [type]: 't3.large',
        [property('DB_PASSWORD')]: secret,
        [property('BETA')]: undefined,
      })
      return seen
    },
  },
  {
    name: 'The same in an environment that this action created',
    ends: 'promoted',
    says: ["shop-green gets shop-blue's values"],
    async play(story) {
      await drifted(story, { description: 'Created by Beanstalk Blue/Green, acme/shop run 7 (abc123)' })
      const seen = await story.run({ version: '1.1.0' })
      await shouldHave(story, { [type]: 't3.large', [property('QUEUE')]: 'orders' })
      return seen
    },
  },
  {
    name: 'The candidate has another platform',
    ends: 'failed',
    says: ['platform (', '--platform-arn'],
    async play(story) {
      await standing(story, { other: { stack: older } })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The candidate has another platform, with configuration: sync',
    ends: 'promoted',
    says: ['and its platform first', 'Updating shop-green to the platform of shop-blue'],
    async play(story) {
      await standing(story, { other: { stack: older } })
      return story.run({ version: '1.1.0', configuration: 'sync' })
    },
  },
  {
    name: 'A verification finds the difference as well',
    ends: 'failed',
    says: ['XRayEnabled (true on shop-blue, false on shop-green)'],
    async play(story) {
      await standing(story, { options: { [tracing]: 'true' }, other: { options: { [tracing]: 'false' } } })
      return story.run({ operation: 'verify', version: '1.1.0' })
    },
  },
  {
    name: 'The version comes with options of its own',
    ends: 'promoted',
    says: ['Deploying 1.1.0 with 2 options to shop-green.'],
    otherwise: {
      says: [
        'Beanstalk takes options and a version only one after the other',
        'Changing 2 options of shop-green',
      ],
    },
    async play(story) {
      await standing(story)
      const seen = await story.run({ version: '1.1.0', ...ownOptions })
      await shouldHave(story, { [tracing]: 'true', [property('API_TOKEN')]: secret })
      return seen
    },
  },
  {
    name: 'The version runs there already, and its options are new',
    ends: 'promoted',
    says: ['Changing 2 options of shop-green', /API_TOKEN/],
    async play(story) {
      const { green } = await standing(story)
      await byHand(story).deploy(green, '1.1.0')
      return story.run({ version: '1.1.0', ...ownOptions })
    },
  },
  {
    name: 'The new options fail, and Beanstalk goes back to the old ones',
    ends: 'failed',
    says: ['shop-green', '1.1.0', 'Failed to deploy configuration.'],
    async play(story) {
      const { green } = await standing(story)
      await byHand(story).deploy(green, '1.1.0')
      story.aws.cloud.faults.order({ fault: 'deployment-rolls-back', environment: 'shop-green' })
      return story.run({ version: '1.1.0', ...ownOptions })
    },
  },
  {
    name: 'The version fails with its new options',
    ends: 'failed',
    says: ['shop-green', '1.1.0', 'Failed to deploy'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'deployment-rolls-back', environment: 'shop-green' })
      return story.run({ version: '1.1.0', ...ownOptions })
    },
  },
  {
    name: 'AWS does not take an option',
    ends: 'failed',
    says: ["Invalid option value: '***'", 'describe-configuration-options'],
    async play(story) {
      await standing(story)
      const wrong = [{ Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled', Value: secret }]
      return story.run({ version: '1.1.0', 'option-settings': JSON.stringify(wrong) })
    },
  },
  {
    name: 'The answer to an update with options is lost',
    ends: 'promoted',
    says: [],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'UpdateEnvironment' })
      const seen = await story.run({ version: '1.1.0', ...ownOptions })
      await shouldHave(story, { [tracing]: 'true' })
      return seen
    },
  },
  {
    name: 'A saved configuration carries live’s own ids',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { blue } = await standing(story)
      const hands = byHand(story)
      await hands.saveConfiguration(blue, 'standard')
      story.aws.beanstalk.byHand.terminate(greenOf(story).id)
      await story.clock.runUntil(story.clock.now() + 3_600_000)
      const seen = await story.run({ version: '1.1.0', template: 'standard' })
      const carried = (await hands.options('shop-green')).filter((option) => option.includes(blue))
      if (carried.length > 0) throw new Error(`shop-green has what is shop-blue's own: ${carried.join(', ')}`)
      return seen
    },
  },
  {
    name: 'The other environment is the way back, within its rollback-window',
    ends: 'failed',
    says: ['shop-blue is the way back to 1.0.0 until', 'rollback-window: 1h'],
    async play(story) {
      await standing(story)
      await story.run({ version: '1.1.0' })
      story.aws.beanstalk.given.version('shop', '1.2.0')
      await story.clock.runUntil(story.clock.now() + 600_000)
      return story.run({ version: '1.2.0', 'rollback-window': '1h' })
    },
  },
  {
    name: 'The same in a verification',
    ends: 'failed',
    says: ['shop-blue is the way back to 1.0.0 until'],
    async play(story) {
      await standing(story)
      await story.run({ version: '1.1.0' })
      story.aws.beanstalk.given.version('shop', '1.2.0')
      return story.run({ operation: 'verify', version: '1.2.0', 'rollback-window': '1h' })
    },
  },
  {
    name: 'The other environment is the way back, and its rollback-window is over',
    ends: 'promoted',
    says: ['This ends the instant way back to 1.0.0'],
    async play(story) {
      await standing(story)
      await story.run({ version: '1.1.0' })
      story.aws.beanstalk.given.version('shop', '1.2.0')
      await story.clock.runUntil(story.clock.now() + 3_600_000)
      return story.run({ version: '1.2.0', 'rollback-window': '1h' })
    },
  },
])

const ownOptions = {
  'option-settings': JSON.stringify([
    { Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled', Value: 'true' },
  ]),
  'environment-variables': `API_TOKEN=${secret}`,
}

const greenOf = ({ aws }: Scenario) => {
  const found = aws.beanstalk
    .state()
    .environments.find(({ name, status }) => name === 'shop-green' && status !== 'Terminated')
  if (!found) throw new Error('there is no shop-green')
  return found
}

/** The candidate's options afterwards, as AWS has them; undefined: not set. */
async function shouldHave(
  story: Scenario,
  wanted: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const options = await byHand(story).options('shop-green')
  for (const [option, value] of Object.entries(wanted)) {
    const found = options.find((one) => one.startsWith(`${option}=`))
    if (found !== (value === undefined ? undefined : `${option}=${value}`))
      throw new Error(`shop-green has ${found ?? `no ${option}`}`)
  }
}
