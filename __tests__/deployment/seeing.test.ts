import { expect, it } from 'vitest'
import { seeing } from '../../src/deployment/seeing.ts'
import { lookAtPair, type WholeSight } from '../../src/deployment/sight.ts'
import { promotedPair, standingPair, type World } from './world.ts'

const members = ({ aws }: World) => Promise.resolve(aws.members.map(aws.seen))

async function eyed() {
  const world = standingPair()
  const { drive, run } = await world.bare()
  run.record.productionName = 'shop.us-east-1.elasticbeanstalk.com'
  const sight = (await drive((one) => lookAtPair(one, members(world)))) as WholeSight
  return { world, drive, run: seeing(run, sight), from: world.wire.calls.length }
}

it('what one look has seen is not asked again', async () => {
  const { world, drive, run, from } = await eyed()
  const { beanstalk, capacity, routerFor } = run.ports
  const pair = { ids: ['e-green', 'e-blue'], productionName: run.record.productionName ?? '' }

  const answers = await drive(() =>
    Promise.all([
      beanstalk.find(['shop-blue', 'shop-green']),
      beanstalk.read(['e-green']),
      beanstalk.versionsOnInstances('e-blue'),
      beanstalk.options('shop-blue'),
      beanstalk.options('shop-green'),
      capacity.read('e-green'),
      routerFor(pair).read(),
    ]),
  )

  expect(answers).toMatchObject([
    [{ id: 'e-blue' }, { id: 'e-green' }],
    [{ id: 'e-green' }],
    { 'i-blue-1': '1.0.0' },
    [],
    [],
    { inService: 1 },
    { share: { 'e-blue': 100, 'e-green': 0 }, settled: true },
  ])
  expect(world.wire.calls).toHaveLength(from)
})

it('what it has not seen is asked for', async () => {
  const { world, drive, run, from } = await eyed()
  const { beanstalk, capacity, routerFor } = run.ports
  const productionName = run.record.productionName ?? ''

  await drive(() =>
    Promise.all([
      beanstalk.find(['shop-pr-1']),
      beanstalk.read(['e-other']),
      beanstalk.versionsOnInstances('e-other'),
      beanstalk.options('shop-pr-1').catch(() => []),
      capacity.read('e-other'),
      routerFor({ ids: ['e-blue'], productionName }).read(),
      routerFor({ ids: ['e-blue', 'e-other'], productionName }).read(),
    ]),
  )

  expect(world.wire.calls.length).toBe(from + 7)
})

it('a look is old after some seconds', async () => {
  const { world, drive, run } = await eyed()
  await world.clock.runUntil(world.clock.now() + 5_000)
  world.aws.member('shop-green').version = '1.1.0'

  expect(await drive(() => run.ports.beanstalk.read(['e-green']))).toMatchObject([{ version: '1.1.0' }])
})

it('a look is old as soon as this run has changed something', async () => {
  const { drive, run } = await eyed()

  await drive(() => run.ports.beanstalk.deploy('e-green', '1.1.0'))

  expect(await drive(() => run.ports.beanstalk.read(['e-green']))).toMatchObject([{ status: 'Updating' }])
})

it.each<[string, (world: World) => void]>([
  ['one environment is not there', ({ aws }) => void aws.members.splice(1, 1)],
  [
    'nobody has the production name',
    ({ aws }) => void Object.assign(aws.member('shop-blue'), { cname: 'x' }),
  ],
  ['AWS cannot be reached', ({ wire }) => wire.fail('readRoute', 'unreachable')],
])('when %s, nothing is said to be seen', async (_, change) => {
  const world = standingPair()
  const { drive, run } = await world.bare()
  run.record.productionName = 'shop.us-east-1.elasticbeanstalk.com'
  change(world)

  expect(await drive((one) => lookAtPair(one, members(world)))).toBeUndefined()
})

it('where nobody knows the production name, nothing is said to be seen', async () => {
  const world = standingPair()
  const { drive } = await world.bare({ productionName: undefined })

  expect(await drive((one) => lookAtPair(one, members(world)))).toBeUndefined()
})

it.each<[string, (world: World) => void]>([
  ['that ends', ({ aws }) => void aws.members.splice(1, 1)],
  [
    'whose name another one has by now',
    ({ aws }) => void Object.assign(aws.member('shop-green'), { id: 'e-new' }),
  ],
])('an environment %s between the hint and the look makes it no look', async (_, change) => {
  const world = standingPair()
  const { drive, run } = await world.bare()
  run.record.productionName = 'shop.us-east-1.elasticbeanstalk.com'
  const hints = members(world)
  change(world)

  expect(await drive((one) => lookAtPair(one, hints))).toBeUndefined()
})

it.each(['find', 'readCapacity'])(
  'a rollback whose first looks fail (%s) does its work all the same',
  async (name) => {
    const world = await promotedPair()
    world.wire.fail(name, 'unreachable')

    expect(await world.run('rollback')).toMatchObject({ is: 'restored' })
  },
)

it('a rollback goes by the production name of the journal when none is given', async () => {
  const world = await promotedPair()

  expect(await world.run('rollback', { productionName: undefined })).toMatchObject({ is: 'restored' })
})
