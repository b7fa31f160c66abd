import type { Inputs, Scenario } from '../helpers/scenario.ts'
import { standing } from './standing.ts'

/** An operation as users run it, and what went before. */
export interface Told {
  readonly name: string
  readonly inputs: Inputs
  before(story: Scenario): Promise<unknown>
}

const minute = 60_000

/** Every operation once, and those that may create an environment once more. */
export const operations: readonly Told[] = [
  {
    name: 'deploy',
    inputs: { version: '1.2.0', package: 'examples/shop', configuration: 'sync' },
    before: (story) => standing(story),
  },
  {
    name: 'deploy that creates the other environment, and ends the one before',
    inputs: { version: '1.1.0', 'green-environment': 'store-two', standby: 'terminate' },
    before: (story) => standing(story),
  },
  {
    name: 'deploy that creates the first environment',
    inputs: { version: '1.1.0', platform: '64bit Amazon Linux 2023 v6.6.0 running Node.js 22' },
    before: async ({ aws: { beanstalk } }) => beanstalk.given.version('shop', '1.1.0'),
  },
  {
    name: 'deploy whose version does not come up',
    inputs: { version: '1.1.0' },
    async before(story) {
      await standing(story)
      story.apps.set('1.1.0', { failsPath: { '/health': 500 } })
    },
  },
  { name: 'verify', inputs: { operation: 'verify', version: '1.1.0' }, before: (story) => standing(story) },
  {
    name: 'promote',
    inputs: { operation: 'promote', version: '1.1.0' },
    async before(story) {
      await standing(story)
      await story.run({ operation: 'verify', version: '1.1.0' })
    },
  },
  { name: 'rollback', inputs: { operation: 'rollback' }, before: promoted },
  {
    name: 'retire',
    inputs: { operation: 'retire', standby: 'terminate', 'retire-after': '1m' },
    async before(story) {
      await promoted(story)
      await story.clock.runUntil(story.clock.now() + 5 * minute)
    },
  },
  {
    name: 'recover',
    inputs: { operation: 'recover' },
    async before(story) {
      const { users } = await standing(story)
      const dying = story.start({ version: '1.1.0' })
      while (!dying.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 1_000)
      dying.kill()
      await users.stop()
      await story.clock.runUntil(story.clock.now() + 10 * minute)
    },
  },
  { name: 'status', inputs: { operation: 'status' }, before: (story) => standing(story) },
]

async function promoted(story: Scenario): Promise<void> {
  const { users } = await standing(story)
  await story.run({ version: '1.1.0' })
  await users.stop()
}
