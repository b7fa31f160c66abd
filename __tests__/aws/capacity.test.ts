import { expect, it } from 'vitest'
import { AnswerLost, Refused, Unreachable } from '../../src/deployment/errors.ts'
import { awsWorld } from './world.ts'

async function standing() {
  const world = awsWorld()
  const { given } = world.aws.beanstalk
  const order = {
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize: 1,
    maxSize: 4,
    instances: 2,
  }
  const blue = await world.run(given.environment(order))
  return { world, blue, group: world.environment(blue.id).group?.name ?? '' }
}

it('reads the sizes of an environment’s group, and how many instances are in service', async () => {
  const { world, blue, group } = await standing()
  const read = await world.run(world.capacity.read(blue.id))
  expect(read).toEqual({ name: group, min: 1, max: 4, desired: 2, inService: 2 })
  expect(await world.run(world.capacity.readGroup(group))).toEqual(read)
})

it('counts only instances that are in service', async () => {
  const { world, blue, group } = await standing()
  await world.run(world.capacity.resize(group, { desired: 3 }))
  await world.seconds(5)
  expect(await world.run(world.capacity.read(blue.id))).toMatchObject({ desired: 3, inService: 2 })
  await world.seconds(200)
  expect(await world.run(world.capacity.read(blue.id))).toMatchObject({ desired: 3, inService: 3 })
})

it('asks for the name of the group once', async () => {
  const { world, blue } = await standing()
  for (let time = 0; time < 3; time++) await world.run(world.capacity.read(blue.id))
  expect(world.calls('DescribeEnvironmentResources')).toHaveLength(1)
})

it('changes only what it is told, and leaves the environment Ready', async () => {
  const { world, blue, group } = await standing()
  await world.run(world.capacity.resize(group, { min: 2, max: 6 }))
  expect(world.calls('UpdateAutoScalingGroup')[0]?.input).toEqual({
    AutoScalingGroupName: group,
    MinSize: 2,
    MaxSize: 6,
  })
  expect(world.environment(blue.id)).toMatchObject({ status: 'Ready', group: { min: 2, max: 6, desired: 2 } })
})

it('a resize that AWS turned away for now goes again: nothing happened', async () => {
  const { world, blue, group } = await standing()
  world.fault('throttled', 'UpdateAutoScalingGroup', { times: 3 })
  await world.run(world.capacity.resize(group, { min: 2 }))
  expect(world.environment(blue.id).group?.min).toBe(2)
})

it.each(['answer-lost', 'reset-before', 'server-error'] as const)(
  'a resize is not sent again by itself after %s: the lock may be lost by then',
  async (fault) => {
    const { world, group } = await standing()
    world.fault(fault, 'UpdateAutoScalingGroup', { times: 3 })
    await expect(world.run(world.capacity.resize(group, { min: 2 }))).rejects.toThrow(AnswerLost)
    expect(world.calls('UpdateAutoScalingGroup')).toHaveLength(1)
  },
)

it('knows no group of an environment that is gone', async () => {
  const { world, blue, group } = await standing()
  await world.run(world.capacity.read(blue.id))
  await world.run(world.beanstalk.terminate(blue.id))
  await world.seconds(1_800)
  expect(await world.run(world.capacity.read(blue.id))).toBeUndefined()
  expect(await world.run(world.capacity.readGroup(group))).toBeUndefined()
  expect(await world.run(world.capacity.read('e-0000000000'))).toBeUndefined()
})

it('says why a group cannot be resized, and when it cannot be read', async () => {
  const { world, blue, group } = await standing()
  await expect(world.run(world.capacity.resize('no-such', { min: 2 }))).rejects.toThrow(Refused)
  await expect(world.run(world.capacity.resize(group, { desired: 9 }))).rejects.toThrow(Refused)
  world.fault('denied', 'UpdateAutoScalingGroup')
  await expect(world.run(world.capacity.resize(group, { min: 2 }))).rejects.toThrow(
    /^autoscaling:UpdateAutoScalingGroup is not allowed/,
  )
  world.fault('unavailable', 'DescribeEnvironmentResources', { times: 8 })
  await expect(world.run(world.capacity.read(blue.id))).rejects.toThrow(Unreachable)
})
