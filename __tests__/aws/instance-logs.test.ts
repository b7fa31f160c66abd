import { expect, it } from 'vitest'
import { createLogs } from '../../src/aws/instance-logs.ts'
import { Refused } from '../../src/deployment/errors.ts'
import type { Download } from '../../src/world.ts'
import { downloadOf } from '../helpers/download.ts'
import { awsWorld } from './world.ts'

async function standing(instances = 2) {
  const world = awsWorld()
  const { clients, aws, clock } = world
  const order = { application: 'shop', name: 'shop-blue', version: 'v1', minSize: 1, maxSize: 4, instances }
  const { id } = await world.run(aws.beanstalk.given.environment(order))
  const limits: Parameters<Download>[1][] = []
  const logs = createLogs({
    clients,
    clock: { now: clock.now, sleep: async (ms) => clock.sleep(ms) },
    download: (url, limit) => {
      limits.push(limit)
      return downloadOf(aws)(url, limit)
    },
  })
  return { world, id, logs, limits }
}

const { signal } = new AbortController()

it('the last lines of every instance are pulled and read, each with a limit', async () => {
  const { world, id, logs, limits } = await standing()
  const found = await world.run(logs.tail(id, signal))
  expect(found.map(({ instance }) => instance)).toEqual([
    expect.stringMatching(/^i-/),
    expect.stringMatching(/^i-/),
  ])
  for (const log of found) expect(await world.run(log.read(signal))).toContain('v1 listens')
  expect(limits).toEqual([
    { signal, longest: 1_048_576 },
    { signal, longest: 1_048_576 },
  ])
})

it('what was pulled before is not taken for news', async () => {
  const { world, id, logs } = await standing(1)
  await world.run(logs.tail(id, signal))
  expect(await world.run(logs.tail(id, signal))).toHaveLength(1)
  expect(world.calls('RequestEnvironmentInfo')).toHaveLength(2)
})

it('nothing is pulled when it could not be found again', async () => {
  const { world, id, logs } = await standing(1)
  world.fault('denied', 'RetrieveEnvironmentInfo')
  const refused = world.run(logs.tail(id, signal))
  await expect(refused).rejects.toThrow(Refused)
  await expect(refused).rejects.toThrow(/elasticbeanstalk:RetrieveEnvironmentInfo/)
  expect(world.calls('RequestEnvironmentInfo')).toHaveLength(0)
})

it('a missing permission to pull them is named', async () => {
  const { world, id, logs } = await standing(1)
  world.fault('denied', 'RequestEnvironmentInfo')
  await expect(world.run(logs.tail(id, signal))).rejects.toThrow(/elasticbeanstalk:RequestEnvironmentInfo/)
})
