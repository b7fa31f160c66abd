import { expect, it } from 'vitest'
import { watchProduction } from '../../src/deployment/production-watch.ts'
import { production, standingPair } from './world.ts'

const url = `http://${production}/health`
const second = 1_000

/** Watches production for `seconds` while it answers by the second. */
async function watched(seconds: number, answers: (second: number) => number | undefined) {
  const world = standingPair()
  const { run } = await world.bare()
  const began = world.clock.now()
  world.aws.member('shop-blue').answers = () => answers(Math.floor((world.clock.now() - began) / second))
  const watch = watchProduction(run, url)
  await world.clock.runUntil(began + seconds * second - 500)
  const last = watch.last()
  const users = await world.clock.run(watch.stop())
  return { users, last, world }
}

it('production is asked once a second', async () => {
  const { users, last } = await watched(60, () => 200)
  expect(users).toEqual({ requests: 60, failures: 0, downtime: 0, examples: [] })
  expect(last).toMatchObject({ is: 'pass', saw: `production (${url}): status 200`, unanswered: false })
})

it('downtime is the longest time from a first failure to the next good answer', async () => {
  const { users } = await watched(30, (at) => (at === 5 || (at >= 10 && at < 14) ? 503 : 200))
  expect(users).toEqual({ requests: 30, failures: 5, downtime: 4_000, examples: ['status 503'] })
})

it('a failure that lasts to the end counts to the end', async () => {
  const { users, last } = await watched(10, (at) => (at >= 7 ? undefined : 200))
  expect(users).toMatchObject({ failures: 3, downtime: 3_000, examples: ['connection refused'] })
  expect(last).toMatchObject({ is: 'fail', unanswered: true })
})

it('at most three kinds of failures are given as examples', async () => {
  const { users } = await watched(10, (at) => 500 + at)
  expect(users.examples).toEqual(['status 500', 'status 501', 'status 502'])
})

it('what was not asked yet says nothing, and a watch that is stopped asks no more', async () => {
  const world = standingPair()
  const { run } = await world.bare()
  const watch = watchProduction(run, url)

  expect(watch.last()).toMatchObject({ is: 'unreadable', unanswered: false })
  const users = await world.clock.run(watch.stop())
  await world.clock.runUntil(world.clock.now() + 10 * second)

  expect(users).toEqual({ requests: 0, failures: 0, downtime: 0, examples: [] })
  expect(world.wire.calls.filter(({ name }) => name === 'ask')).toHaveLength(1)
})
