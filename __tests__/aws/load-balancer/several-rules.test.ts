import { expect, it } from 'vitest'
import { weightsIn } from '../../../src/aws/load-balancer/forward.ts'
import { AnswerLost, Conflict, Refused } from '../../../src/deployment/errors.ts'
import { balancedWorld, forward } from './balanced-world.ts'

/** Two rules and the default of a listener on port 443, all on blue, green known to all of them. */
async function three() {
  const world = await balancedWorld()
  const { blue, green, shop } = world
  const admin = await world.rule(['admin.example.com'], [forward({ [blue.group]: 1 })], 101)
  const secure = await world.secureListener()
  const router = world.routerFor({ rules: [shop, admin, secure] })
  await world.run(router.attach({ live: blue.id, candidate: green.id }))
  await world.seconds(40)
  const from = await world.run(router.read())
  return {
    ...world,
    admin,
    secure,
    router,
    from,
    to: router.plan(from, green.id, 20),
    /** Green's part at each of them. */
    async parts() {
      const { exact } = await world.run(router.read())
      const sharing = exact as Record<string, Record<string, { weight: number | null }>>
      return [shop, admin, secure].map((arn) => sharing[arn]?.[green.id]?.weight)
    },
  }
}

it('move together, a listener by its default action', async () => {
  const world = await three()
  await world.run(world.router.apply(world.from, world.to))
  expect(await world.parts()).toEqual([20, 20, 20])
  expect(world.calls('ModifyListener').length).toBe(2)
  const rules = [world.shop, world.admin].sort().map((arn) => `ModifyRule: RuleArn=${arn}`)
  expect(world.router.call(world.from, world.to)).toBe(
    `${rules.join(' and ')} and ModifyListener: ListenerArn=${world.secure}, weights ${world.blue.id} 80 and ${world.green.id} 20`,
  )
})

it('come back together when one is refused', async () => {
  const world = await three()
  world.fault('denied', 'ModifyListener', { times: 9 })
  world.fault('denied', 'ModifyRule', { after: 1 })
  const refused = await world.run(world.router.apply(world.from, world.to)).catch((thrown: unknown) => thrown)
  expect(refused).toBeInstanceOf(Refused)
  expect((refused as Refused).message).toMatch(/What had moved by then was moved back: arn:/)
  expect(await world.parts()).toEqual([0, 0, 0])
})

it('are named when they cannot be moved back either', async () => {
  const world = await three()
  world.fault('denied', 'ModifyRule', { after: 1, times: 9 })
  const refused = await world.run(world.router.apply(world.from, world.to)).catch((thrown: unknown) => thrown)
  expect((refused as Refused).message).toMatch(/could not be moved back, so that production is split: arn:/)
  const reading = await world.run(world.router.read())
  expect(reading.share[world.green.id]).toBeGreaterThan(0)
  expect(reading.notes?.join()).toContain('The rules disagree')
  expect(reading.settled).toBe(true)
})

it('do not wait for each other when an answer is lost: it is looked at and sent once more', async () => {
  const world = await three()
  world.fault('answer-lost', 'ModifyRule', { after: 1 })
  await world.run(world.router.apply(world.from, world.to))
  expect(await world.parts()).toEqual([20, 20, 20])
})

it('come back when nobody knows the end of one', async () => {
  const world = await three()
  world.fault('reset-before', 'ModifyRule', { after: 1, times: 2 })
  await expect(world.run(world.router.apply(world.from, world.to))).rejects.toThrow(AnswerLost)
  expect(await world.parts()).toEqual([0, 0, 0])
})

it('are each compared with what was seen', async () => {
  const world = await three()
  const { blue, green, admin } = world
  await world.modify(admin, [forward({ [blue.group]: 1, [green.group]: 1 })])
  const conflict = await world
    .run(world.router.apply(world.from, world.to))
    .catch((thrown: unknown) => thrown)
  expect(conflict).toBeInstanceOf(Conflict)
  expect((conflict as Conflict).message).toContain(`${green.id} has weight 1, had weight 0`)
  expect((await world.parts()).filter((weight) => weight === 0)).toHaveLength(2)
})

it('that disagree are a split, which can be made whole', async () => {
  const world = await three()
  const { blue, green, router, shop } = world
  await world.modify(shop, [forward({ [blue.group]: 0, [green.group]: 1 })])
  const split = await world.run(router.read())
  expect(split.share[green.id]).toBeCloseTo(33.3, 1)
  await world.run(router.apply(split, router.plan(split, blue.id)))
  expect((await world.run(router.read())).share).toEqual({ [blue.id]: 100, [green.id]: 0 })
  expect(weightsIn(await world.actions())).toEqual({ [blue.group]: 100, [green.group]: 0 })
})
