import { expect, it } from 'vitest'
import { cnameSwap } from '../../src/aws/cname-swap.ts'
import { AnswerLost, Conflict, Refused } from '../../src/deployment/errors.ts'
import { awsWorld } from './world.ts'

async function planned(world = awsWorld()) {
  const { router, blue, green, pair } = await world.pair()
  const from = await world.run(router.read())
  return { world, router, blue, green, pair, from, to: router.plan(from, green.id) }
}

it('reads who has the production CNAME, and that nothing is under way', async () => {
  const { from, blue, green } = await planned()
  expect(from.share).toEqual({ [blue.id]: 100, [green.id]: 0 })
  expect(from.settled).toBe(true)
})

it('moves production, and calls it settled only when the swap is over', async () => {
  const { world, router, green, from, to } = await planned()
  await world.run(router.apply(from, to))
  const during = await world.run(router.read())
  expect(during.settled).toBe(false)
  await world.seconds(30)
  const after = await world.run(router.read())
  expect(after).toEqual({ ...to, settled: true })
  expect(after.share[green.id]).toBe(100)
})

it('plans without asking AWS, and plans nothing where production is already', async () => {
  const { world, router, blue, from } = await planned()
  const before = world.aws.calls.length
  const nowhere = router.plan(from, blue.id)
  expect({ share: nowhere.share, exact: nowhere.exact }).toEqual({ share: from.share, exact: from.exact })
  await world.run(router.apply(from, nowhere))
  expect(world.aws.calls.length).toBe(before)
})

it('still knows its own routes after they were written to a journal', async () => {
  const { world, router, blue, green, from, to } = await planned()
  await world.run(router.apply(JSON.parse(JSON.stringify(from)), JSON.parse(JSON.stringify(to))))
  await world.seconds(30)
  expect(world.environment(green.id).cname).toBe(blue.cname)
})

it('does not swap when somebody else did meanwhile: that would swap back', async () => {
  const { world, router, blue, green, from, to } = await planned()
  world.aws.beanstalk.byHand.swap(blue.id, green.id)
  await world.seconds(30)
  await expect(world.run(router.apply(from, to))).rejects.toThrow(Conflict)
  expect(world.calls('SwapEnvironmentCNAMEs')).toHaveLength(0)
  expect(world.environment(green.id).cname).toBe(blue.cname)
})

it.each(['answer-lost', 'reset-before', 'server-error', 'unavailable', 'unanswered'] as const)(
  'sends a swap once and says that nobody knows when it meets %s',
  async (fault) => {
    const { world, router, from, to } = await planned()
    world.fault(fault, 'SwapEnvironmentCNAMEs', { times: 5 })
    await expect(world.run(router.apply(from, to))).rejects.toThrow(AnswerLost)
    expect(world.calls('SwapEnvironmentCNAMEs')).toHaveLength(1)
  },
)

it('sends a swap again when it was throttled, since nothing happened, after looking again', async () => {
  const { world, router, blue, green, from, to } = await planned()
  world.fault('throttled', 'SwapEnvironmentCNAMEs', { times: 2 })
  await world.run(router.apply(from, to))
  await world.seconds(30)
  expect(world.environment(green.id).cname).toBe(blue.cname)
  const sent = world.calls('SwapEnvironmentCNAMEs')
  expect(sent.map(({ error }) => error)).toEqual(['Throttling', 'Throttling', undefined])
  expect(world.calls('DescribeEnvironments')).toHaveLength(1 + 3)
})

it('does not swap after a throttle when somebody else did in between', async () => {
  const { world, router, blue, green, from, to } = await planned()
  world.fault('throttled', 'SwapEnvironmentCNAMEs')
  world.clock.at(world.clock.now() + 70, () => world.aws.beanstalk.byHand.swap(blue.id, green.id))
  world.fault('slow', 'DescribeEnvironments', { after: 1, forMs: 30_000 })
  await expect(world.run(router.apply(from, to))).rejects.toThrow(/Must be Ready|Somebody else/)
  await world.seconds(60)
  expect(world.environment(green.id).cname).toBe(blue.cname)
})

it('calls a swap that throttling outlasts refused: nothing happened', async () => {
  const { world, router, from, to } = await planned()
  world.fault('throttled', 'SwapEnvironmentCNAMEs', { times: 100 })
  await expect(world.run(router.apply(from, to))).rejects.toThrow(Refused)
})

it('passes on that Beanstalk refuses while an environment is busy', async () => {
  const { world, router, green, from, to } = await planned()
  world.aws.beanstalk.byHand.managedUpdate(green.id)
  await expect(world.run(router.apply(from, to))).rejects.toThrow(
    'Environment named shop-green is in an invalid state for this operation. Must be Ready.',
  )
  expect(world.calls('SwapEnvironmentCNAMEs')).toHaveLength(1)
})

it('names the permission that a swap lacks, on what, and the statement that grants it', async () => {
  const { world, router, from, to } = await planned()
  world.fault('denied', 'SwapEnvironmentCNAMEs')
  const refused: Refused = await world.run(router.apply(from, to)).then(
    () => Promise.reject(new Error('allowed')),
    (thrown) => thrown,
  )
  expect(refused).toBeInstanceOf(Refused)
  expect(refused.message).toMatch(/^elasticbeanstalk:SwapEnvironmentCNAMEs is not allowed/)
  const statement = JSON.parse(refused.remedies[0]?.command ?? '')
  expect(statement).toMatchObject({ Effect: 'Allow', Action: 'elasticbeanstalk:SwapEnvironmentCNAMEs' })
  expect(world.calls('SwapEnvironmentCNAMEs')).toHaveLength(1)
})

it('tells with one id alone whether it has production', async () => {
  const { world, blue, green, pair } = await planned()
  const { clients, beanstalk } = world
  const only = (id: string) => cnameSwap({ clients, beanstalk, pair: { ...pair, ids: [id] } }).read()
  expect((await world.run(only(blue.id))).share).toEqual({ [blue.id]: 100 })
  expect((await world.run(only(green.id))).share).toEqual({ [green.id]: 0 })
})

it('has settled when the other member is gone or going: nothing can be under way', async () => {
  const { world, router, blue, green } = await planned()
  await world.run(world.beanstalk.terminate(green.id))
  await world.seconds(10)
  expect(await world.run(router.read())).toMatchObject({
    settled: true,
    share: { [blue.id]: 100, [green.id]: 0 },
  })
  await world.seconds(1_800)
  expect(await world.run(router.read())).toMatchObject({
    settled: true,
    share: { [blue.id]: 100, [green.id]: 0 },
  })
})

it('says nothing about shares while nobody has the production CNAME', async () => {
  const { world, green } = await planned()
  const { clients, beanstalk } = world
  const pair = { ids: [green.id, 'e-0000000000'], productionName: 'other.us-east-1.elasticbeanstalk.com' }
  expect(await world.run(cnameSwap({ clients, beanstalk, pair }).read())).toMatchObject({
    share: {},
    settled: false,
  })
})

it('says which request it would send', async () => {
  const { router, blue, green, from, to } = await planned()
  expect(router.call(from, to)).toBe(
    `SwapEnvironmentCNAMEs: SourceEnvironmentId=${blue.id}, DestinationEnvironmentId=${green.id}`,
  )
})
