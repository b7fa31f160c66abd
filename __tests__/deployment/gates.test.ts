import { expect, it } from 'vitest'
import {
  healthGate,
  overlap,
  productionGate,
  proofGate,
  type Question,
  routeGate,
} from '../../src/deployment/gates.ts'
import type { Gate } from '../../src/deployment/hold.ts'
import type { WatchVerdict } from '../../src/deployment/production-watch.ts'
import { type Bare, type Member, production, standingPair, type World } from './world.ts'

async function opened(open: (bare: Bare) => Gate, world = standingPair()) {
  const bare = await world.bare()
  const gate = open(bare)
  return { ...bare, world, look: () => bare.drive(() => gate.look()) }
}

const health = ({ run }: Bare) => healthGate(run, { live: 'e-blue', standby: 'e-green', minimum: 'Ok' })

it.each([
  ['Ok', 'pass'],
  ['Warning', 'fail'],
  ['Severe', 'fail'],
  ['unknown', 'unreadable'],
] as const)('health %s of the new live is a %s when Ok is wanted', async (is, verdict) => {
  const { look, world } = await opened(health)
  world.aws.member('shop-blue').health = is
  expect(await look()).toEqual({ is: verdict, saw: `shop-blue (e-blue, 1.0.0) is Ready, health ${is}` })
})

it('the minimum decides what is healthy', async () => {
  const { look, world } = await opened(({ run }) =>
    healthGate(run, { live: 'e-blue', standby: 'e-green', minimum: 'Degraded' }),
  )
  world.aws.member('shop-blue').health = 'Degraded'
  expect((await look()).is).toBe('pass')
})

it('a new live that is gone cannot recover', async () => {
  const { look, world } = await opened(health)
  world.aws.members.splice(0, 1)
  expect(await look()).toEqual({ is: 'doomed', saw: 'the environment is gone' })
})

it.each<[string, (world: World) => void, string]>([
  ['busy', ({ aws }) => Object.assign(aws.member('shop-green'), { status: 'Updating' }), 'is Updating'],
  ['gone', ({ aws }) => aws.members.splice(1, 1), 'e-green is gone'],
])('a standby that is %s closes the way back, which is said once', async (_, change, says) => {
  const { look, world, warnings } = await opened(health)
  await look()
  expect(warnings).toEqual([])
  change(world)

  expect((await look()).is).toBe('pass')
  await look()

  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^The way back is closed: /)
  expect(warnings[0]).toContain(says)
})

const route = ({ run }: Bare) =>
  routeGate(run.ports.routerFor({ ids: ['e-blue', 'e-green'], productionName: production }), 'e-blue')

it('the route passes while everything goes where it was sent', async () => {
  const { look } = await opened(route)
  expect((await look()).is).toBe('pass')
})

it('a route that is being changed says nothing yet', async () => {
  const { look, world } = await opened(route)
  Object.assign(world.aws.member('shop-blue'), { status: 'Updating', cname: 'other.example' })
  expect((await look()).is).toBe('unreadable')
})

it('a route that somebody else has moved is doomed', async () => {
  const { look, world } = await opened(route)
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
  expect(await look()).toEqual({ is: 'doomed', saw: 'somebody else moved production away' })
})

const watching =
  (last: WatchVerdict, ...controls: readonly Question[]) =>
  (bare: Bare) =>
    productionGate(
      bare.run,
      {
        last: () => last,
        since: () => ({ requests: 0, failures: 0 }),
        stop: () => Promise.reject(new Error('not here')),
      },
      controls,
    )

const silent = { is: 'fail', saw: 'no answer', unanswered: true } as const
const control = { url: 'http://lb-shop-green.elb.amazonaws.com/health' }

it('production that answers well passes, and nobody asks the other side', async () => {
  const { look, world } = await opened(
    watching({ is: 'pass', saw: 'status 200', unanswered: false }, control),
  )
  expect((await look()).is).toBe('pass')
  expect(world.wire.calls.some(({ name }) => name === 'ask')).toBe(false)
})

it('production that answers with an error fails, whatever the other side does', async () => {
  const { look, world } = await opened(
    watching({ is: 'fail', saw: 'status 500', unanswered: false }, control),
  )
  expect((await look()).is).toBe('fail')
  expect(world.wire.calls.some(({ name }) => name === 'ask')).toBe(false)
})

it('production that does not answer fails when the other side does', async () => {
  const { look } = await opened(watching(silent, control))
  expect(await look()).toMatchObject({ is: 'fail', saw: 'no answer' })
})

it('when the other side does not answer either, the observer is at fault and nothing is concluded', async () => {
  const { look, world } = await opened(watching(silent, control))
  world.canSee = () => false
  expect(await look()).toMatchObject({ is: 'unreadable' })
})

it('the other side answers when it answers at any of its addresses, also only under production’s name', async () => {
  const { look, world } = await opened(
    watching(silent, control, {
      url: 'https://shop.example.com/health',
      at: 'lb-shop-green.elb.amazonaws.com',
    }),
  )
  Object.assign(world.aws.member('shop-green'), {
    answers: () => undefined,
    underName: { 'shop.example.com': { is: 'answer', status: 200, took: 5 } },
  })
  expect((await look()).is).toBe('fail')
})

it('without another side to ask, silence is a failure', async () => {
  const { look } = await opened(watching(silent))
  expect((await look()).is).toBe('fail')
})

const proof = ({ run }: Bare) =>
  proofGate(run, {
    environment: 'e-green',
    productionHost: production,
    endpoint: 'lb-shop-green.elb.amazonaws.com',
    from: run.ports.clock.now(),
    dueAfter: 200_000,
  })

it('an old DNS answer is waited for, then it is wrong', async () => {
  const { look, world, run } = await opened(proof)
  expect((await look()).is).toBe('waiting')
  await world.clock.runUntil(world.clock.now() + 200_001)
  expect(await look()).toEqual({
    is: 'fail',
    saw: `${production} resolves to 10.0.0.1, the new environment to 10.0.0.2`,
  })
  expect(run.record.proof).toBeUndefined()
})

it('a production name that meets the new environment’s addresses is the proof, once and for all', async () => {
  const { look, world, run } = await opened(proof)
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
  expect((await look()).is).toBe('pass')
  expect(run.record.proof).toMatchObject({ environment: 'e-green' })
  world.canSee = () => false
  expect((await look()).is).toBe('pass')
})

it('names that resolve to nothing prove nothing', async () => {
  const { look, world } = await opened(proof)
  world.canSee = () => false
  expect(await look()).toMatchObject({
    is: 'unreadable',
    saw: `neither ${production} nor the new environment resolves from here`,
  })
  expect(overlap([], [])).toBe(false)
})
