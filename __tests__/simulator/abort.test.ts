import { describe, expect, it } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

async function withBlue(policy: string, more: object = {}, switches: object = {}) {
  const world = beanstalkWorld({ switches })
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize: 2,
    policy,
    options: {
      'aws:elasticbeanstalk:command/BatchSizeType': 'Fixed',
      'aws:elasticbeanstalk:command/BatchSize': '1',
    },
    ...more,
  })
  const { eb, run } = world
  return {
    ...world,
    blue,
    now: () => world.environment('shop-blue'),
    versions: () => world.environment('shop-blue').instances.map(({ version }) => version),
    deploy: () => run(eb.updateEnvironment({ EnvironmentId: blue.id, VersionLabel: 'v2' })),
    configure: (Value: string) =>
      run(
        eb.updateEnvironment({
          EnvironmentId: blue.id,
          OptionSettings: [
            { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'COLOUR', Value },
          ],
        }),
      ),
    abort: () => run(refusal(eb.abortEnvironmentUpdate({ EnvironmentId: blue.id }))),
    async shown() {
      const { Environments = [] } = await run(eb.describeEnvironments({ EnvironmentIds: [blue.id] }))
      return Environments[0]
    },
  }
}

const nothingToAbort =
  'InvalidParameterValue: Environment named shop-blue is in an invalid state for this operation. Must be pending deployment.'

describe('an aborted deployment', () => {
  it('just stops: the fleet is mixed, the label the old one, and every instance serves', async () => {
    const world = await withBlue('Rolling')
    await world.deploy()
    await world.seconds(100)
    expect(await world.abort()).toBe('accepted')
    expect(world.now().status).toBe('Aborting')
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeLessThan(15)
    expect(world.versions()).toEqual(['v2', 'v1'])
    expect(world.now()).toMatchObject({ version: 'v1', health: 'Red', healthStatus: 'Degraded' })
    expect(world.now().instances.every(({ inFront }) => inFront)).toBe(true)
    const messages = await world.messages('shop-blue')
    expect(messages).toContain('abortEnvironmentUpdate is starting.')
    expect(messages.some((message) => message.startsWith('During an aborted deployment'))).toBe(true)
    expect(messages).not.toContain('Environment update completed successfully.')
  })

  it('before anything was deployed leaves everything as it was', async () => {
    const world = await withBlue('AllAtOnce')
    await world.deploy()
    await world.seconds(48)
    expect((await world.get(world.blue.cname))?.status).toBe(503)
    await world.abort()
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v1', 'v1'])
    expect(world.now()).toMatchObject({ version: 'v1', health: 'Green' })
    expect((await world.get(world.blue.cname))?.status).toBe(200)
  })

  it.each(['Immutable', 'TrafficSplitting'])('by %s ends the new instances', async (policy) => {
    const world = await withBlue(policy)
    const before = world.now().instances
    await world.deploy()
    await world.seconds(300)
    expect(world.versions()).toContain('v2')
    await world.abort()
    await world.until('shop-blue', 'Ready')
    expect(world.now()).toMatchObject({ version: 'v1', health: 'Green', instances: before })
    const { AutoScalingGroups = [] } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
    expect(AutoScalingGroups).toHaveLength(1)
    expect((await world.get(world.blue.cname))?.headers['x-version']).toBe('v1')
  })

  it('with an additional batch ends that batch', async () => {
    const world = await withBlue('RollingWithAdditionalBatch')
    await world.deploy()
    await world.seconds(200)
    expect(world.now().instances).toHaveLength(3)
    await world.abort()
    await world.until('shop-blue', 'Ready')
    expect(world.now().instances).toHaveLength(2)
    expect(world.now().group).toMatchObject({ desired: 2, inService: 2 })
  })

  it('can be followed by another deployment', async () => {
    const world = await withBlue('Rolling')
    await world.deploy()
    await world.seconds(200)
    await world.abort()
    await world.until('shop-blue', 'Ready')
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v2', 'v2'])
    expect(world.now()).toMatchObject({ version: 'v2', health: 'Green' })
  })
})

describe('an aborted configuration update', () => {
  it('goes back to the configuration before, applications included', async () => {
    const world = await withBlue('AllAtOnce')
    await world.configure('green')
    await world.seconds(105)
    await world.abort()
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeGreaterThan(55)
    const { ConfigurationSettings = [] } = await world.run(
      world.eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }),
    )
    const deployed = ConfigurationSettings.find(({ DeploymentStatus }) => DeploymentStatus === 'deployed')
    expect(deployed?.OptionSettings?.some(({ OptionName }) => OptionName === 'COLOUR')).toBe(false)
    expect(await world.messages('shop-blue')).toContain(
      'The environment was reverted to the previous configuration setting.',
    )
    expect(world.now().health).toBe('Green')
  })

  it('cannot be stopped from going back', async () => {
    const world = await withBlue('AllAtOnce')
    await world.configure('green')
    await world.seconds(60)
    await world.abort()
    await world.seconds(5)
    expect(await world.abort()).toBe(nothingToAbort)
  })
})

describe('what can be aborted', () => {
  it('is said by AbortableOperationInProgress: an update until its clean-up, nothing else', async () => {
    const world = await withBlue('Immutable')
    expect((await world.shown())?.AbortableOperationInProgress).toBe(false)
    await world.deploy()
    expect((await world.shown())?.AbortableOperationInProgress).toBe(true)
    await world.seconds(600)
    expect((await world.shown())?.Status).toBe('Updating')
    expect((await world.shown())?.AbortableOperationInProgress).toBe(false)
    expect(await world.abort()).toBe(nothingToAbort)
    await world.until('shop-blue', 'Ready')
    expect(world.now().version).toBe('v2')
  })

  it('is nothing in an environment that is Ready, launched, tagged or stuck', async () => {
    const world = await withBlue('AllAtOnce')
    expect(await world.abort()).toBe(nothingToAbort)
    const ResourceArn = 'arn:aws:elasticbeanstalk:us-east-1:123456789012:environment/shop/shop-blue'
    await world.run(
      world.eb.updateTagsForResource({ ResourceArn, TagsToAdd: [{ Key: 'team', Value: 'shop' }] }),
    )
    expect(world.now().status).toBe('Updating')
    expect(await world.abort()).toBe(nothingToAbort)
    await world.until('shop-blue', 'Ready')
    world.simulator.cloud.faults.order({ fault: 'stuck-updating' })
    await world.deploy()
    // Both at once, as users saw it: neither to be ended nor to be aborted.
    expect(await world.abort()).toBe(nothingToAbort)
    expect(await world.run(refusal(world.eb.terminateEnvironment({ EnvironmentId: world.blue.id })))).toMatch(
      /currently pending deployment/,
    )
  })

  it('is refused for an environment that does not exist', async () => {
    const { eb, run } = beanstalkWorld()
    expect(await run(refusal(eb.abortEnvironmentUpdate({ EnvironmentName: 'nobody' })))).toBe(
      "InvalidParameterValue: No Environment found for EnvironmentName = 'nobody'.",
    )
  })

  it('a human can do it too', async () => {
    const world = await withBlue('Rolling')
    await world.deploy()
    await world.seconds(30)
    world.byHand.abort(world.blue.id)
    await world.until('shop-blue', 'Ready')
    expect(world.now().version).toBe('v1')
    expect(() => world.byHand.abort(world.blue.id)).toThrow(/Must be pending deployment/)
  })
})

describe('everything else', () => {
  it('is refused while it is aborting', async () => {
    const world = await withBlue('Rolling')
    await world.deploy()
    await world.seconds(30)
    await world.abort()
    expect(
      await world.run(
        refusal(world.eb.updateEnvironment({ EnvironmentId: world.blue.id, VersionLabel: 'v1' })),
      ),
    ).toMatch(/Must be Ready/)
  })

  it('the status may stay Updating meanwhile', async () => {
    const world = await withBlue('Rolling', {}, { statusWhileAborting: 'Updating' })
    await world.deploy()
    await world.seconds(30)
    await world.abort()
    expect(world.now().status).toBe('Updating')
    expect(await world.until('shop-blue', 'Ready')).toBeLessThan(15)
  })
})
