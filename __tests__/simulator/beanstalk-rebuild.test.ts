import { describe, expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const blue = { application: 'shop', name: 'shop-blue', version: 'v1', cnamePrefix: 'shop', instances: 2 }
const cname = 'shop.us-east-1.elasticbeanstalk.com'
const stack = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'

async function withBlue(order: Parameters<typeof beanstalkWorld>[0] = {}) {
  const world = beanstalkWorld(order)
  const { id } = await world.given.environment(blue)
  const { eb, run } = world
  return {
    ...world,
    id,
    rebuild: () => run(refusal(eb.rebuildEnvironment({ EnvironmentId: id }))),
    restart: () => run(refusal(eb.restartAppServer({ EnvironmentName: 'shop-blue' }))),
    async terminate() {
      await run(eb.terminateEnvironment({ EnvironmentId: id }))
      await world.until('shop-blue', 'Terminated')
    },
  }
}

describe('RestartAppServer', () => {
  test('is over in seconds, of which nothing answers for a few, and every version stays', async () => {
    const world = await withBlue()
    const before = world.environment('shop-blue')
    await world.restart()
    expect(world.environment('shop-blue').status).toBe('Updating')
    const answers: (number | undefined)[] = []
    while (world.environment('shop-blue').status === 'Updating') {
      await world.seconds(1)
      answers.push((await world.get(cname))?.status)
    }
    expect(answers.length).toBeGreaterThan(10)
    expect(answers.length).toBeLessThan(17)
    expect(new Set(answers)).toEqual(new Set([200, 503]))
    expect(world.environment('shop-blue')).toEqual({ ...before, health: 'Green' })
    expect((await world.messages('shop-blue')).filter((message) => !message.includes('health'))).toEqual([
      'restartAppServer is starting.',
      'Instance deployment completed successfully.',
      'Instance deployment completed successfully.',
      'Restarted application server on all ec2 instances.',
    ])
  })

  test('of an application that does not come up again ends Ready, with an error', async () => {
    let starts = true
    const v1 = {
      get starts() {
        return starts
      },
    }
    const world = await withBlue({ behaviours: { v1 } })
    starts = false
    await world.restart()
    await world.until('shop-blue', 'Ready')
    const { Events = [] } = await world.run(
      world.eb.describeEvents({ EnvironmentId: world.id, Severity: 'ERROR' }),
    )
    expect(Events[0]?.Message).toMatch(/^Failed to restart the application server on instance id\(s\) 'i-/)
  })

  test('needs no bundle in S3', async () => {
    const world = await withBlue()
    world.simulator.buckets.remove('elasticbeanstalk-us-east-1-123456789012', 'shop/v1.zip')
    await world.restart()
    await world.until('shop-blue', 'Ready')
    expect((await world.get(cname))?.status).toBe(200)
    expect(await world.messages('shop-blue')).toContain('Restarted application server on all ec2 instances.')
  })

  test('is refused while something else is at work', async () => {
    const world = await withBlue()
    await world.restart()
    expect(await world.restart()).toMatch(/Must be Ready\.$/)
    expect(await world.rebuild()).toMatch(/Must be Ready\.$/)
  })
})

describe('RebuildEnvironment', () => {
  test('replaces every resource and keeps name, id, CNAME, version and configuration', async () => {
    const world = await withBlue()
    const before = world.environment('shop-blue')
    await world.rebuild()
    expect(world.environment('shop-blue').status).toBe('Updating')
    await world.seconds(300)
    expect(world.simulator.names.resolve(cname)).toEqual([])
    expect(world.environment('shop-blue').endpoint).toBeUndefined()
    await world.until('shop-blue', 'Ready')
    const after = world.environment('shop-blue')
    expect(after).toMatchObject({ id: world.id, cname, version: 'v1', health: 'Green', tags: before.tags })
    expect(after.group?.name).not.toBe(before.group?.name)
    expect(after.endpoint).not.toBe(before.endpoint)
    expect(after.instances.some(({ id }) => before.instances.some((one) => one.id === id))).toBe(false)
    expect((await world.get(cname))?.headers['x-version']).toBe('v1')
    const messages = await world.messages('shop-blue')
    expect(messages[0]).toBe('rebuildEnvironment is starting.')
    expect(messages.at(-1)).toBe('Successfully launched environment: shop-blue')
  })

  test('stops where a resource cannot be deleted', async () => {
    const world = await withBlue()
    const { eb, run } = world
    const named = { ApplicationName: 'shop', TemplateName: 't' }
    await run(eb.createConfigurationTemplate({ ...named, EnvironmentId: world.id }))
    await run(eb.createEnvironment({ ...named, EnvironmentName: 'shop-green' }))
    await world.rebuild()
    await world.until('shop-blue', 'Ready')
    expect(world.environment('shop-blue').instances).toEqual([])
    expect((await world.messages('shop-blue')).join('\n')).toContain('DependencyViolation')
  })

  test('brings a terminated environment back under its name, id and CNAME', async () => {
    const world = await withBlue()
    await world.terminate()
    await world.seconds(20)
    expect(await world.rebuild()).toBe('accepted')
    expect(world.environment('shop-blue')).toMatchObject({ id: world.id, status: 'Launching' })
    expect(world.environment('shop-blue').endpoint).toBeUndefined()
    await world.until('shop-blue', 'Ready')
    expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Green' })
    expect((await world.get(cname))?.headers['x-version']).toBe('v1')
    expect(await world.messages('shop-blue')).toContain('restoreEnvironment is starting.')
    const { Environments } = await world.run(world.eb.describeEnvironments({ IncludeDeleted: false }))
    expect(Environments?.map(({ Status }) => Status)).toEqual(['Ready'])
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.id, VersionLabel: 'v2' }))
    await world.until('shop-blue', 'Ready')
    expect(world.environment('shop-blue').version).toBe('v2')
  })

  test('looks after what it brought back as after any other, however soon that was', async () => {
    for (const seconds of [1, 20]) {
      let status = 200
      const v1 = {
        get status() {
          return status
        },
      }
      const world = await withBlue({ behaviours: { v1 } })
      await world.terminate()
      await world.seconds(seconds)
      await world.rebuild()
      await world.until('shop-blue', 'Ready')
      status = 500
      const start = world.clock.now()
      while (world.environment('shop-blue').healthStatus !== 'Severe') await world.seconds(1)
      const took = (world.clock.now() - start) / 1_000
      expect(took).toBeGreaterThan(45)
      expect(took).toBeLessThan(75)
    }
  })

  test('by name takes the newest that is terminated', async () => {
    const world = await withBlue()
    const { eb, run } = world
    await world.terminate()
    await world.given.environment({ ...blue, cnamePrefix: 'second' })
    const second = world.environment('shop-blue').id
    await run(eb.terminateEnvironment({ EnvironmentId: second }))
    await world.until('shop-blue', 'Terminated')
    await run(eb.rebuildEnvironment({ EnvironmentName: 'shop-blue' }))
    const launching = world.state().environments.filter(({ status }) => status === 'Launching')
    expect(launching.map(({ id }) => id)).toEqual([second])
  })

  test('finds a terminated environment for 42 days', async () => {
    const world = await withBlue()
    await world.terminate()
    await world.seconds(41 * 86_400)
    expect(await world.rebuild()).toBe('accepted')
    const late = await withBlue()
    await late.terminate()
    await late.seconds(42 * 86_400)
    expect(await late.rebuild()).toBe(
      `InvalidParameterValue: No Environment found for EnvironmentId = '${late.id}'.`,
    )
  })

  test('is refused when the name, the CNAME, the version or the application is gone', async () => {
    const taken = await withBlue()
    const { eb, run } = taken
    await taken.terminate()
    await taken.seconds(400)
    await run(
      eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-green',
        CNAMEPrefix: 'shop',
        SolutionStackName: stack,
      }),
    )
    expect(await taken.rebuild()).toBe(`InvalidParameterValue: DNS name (${cname}) is not available.`)
    await run(
      eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-blue',
        SolutionStackName: stack,
      }),
    )
    expect(await taken.rebuild()).toBe('InvalidParameterValue: Environment shop-blue already exists.')

    const gone = await withBlue()
    await gone.terminate()
    await gone.run(gone.eb.deleteApplicationVersion({ ApplicationName: 'shop', VersionLabel: 'v1' }))
    expect(await gone.rebuild()).toBe("InvalidParameterValue: No Application Version named 'v1' found.")
    await gone.run(gone.eb.deleteApplication({ ApplicationName: 'shop' }))
    expect(await gone.rebuild()).toBe("InvalidParameterValue: No Application named 'shop' found.")
  })
})
