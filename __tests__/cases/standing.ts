import type { Users } from '../../simulator/users.ts'
import { type Scenario, standingPair } from '../helpers/scenario.ts'

/** The value of an environment property of production: it must be read nowhere. */
export const secret = 'hunter2-of-production'

/** An environment property, as tests name options. */
export const property = (name: string) => `aws:elasticbeanstalk:application:environment/${name}`

/** A pair with 1.0.0 live on blue, 1.1.0 ready to be deployed, and users who ask production all the time. */
export async function standing(
  story: Scenario,
  order: Parameters<typeof standingPair>[1] = {},
): Promise<{ readonly blue: string; readonly green: string; readonly users: Users }> {
  const options = { [property('DB_PASSWORD')]: secret, ...order.options }
  const pair = await standingPair(story, { ...order, options })
  story.aws.beanstalk.given.version('shop', '1.1.0')
  return { ...pair, users: story.users(undefined, { everyMs: 2_500 }) }
}
