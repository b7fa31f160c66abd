import { expect, it } from 'vitest'
import { withoutOwnIds } from '../../src/deployment/create-environment.ts'
import type { NewEnvironment } from '../../src/deployment/ports.ts'
import { emptyWorld, production, publish, standingPair, takes, untilStage, type World } from './world.ts'

const ordered = (world: World) =>
  world.wire.calls.filter(({ name }) => name === 'create').map(({ args }) => args[0] as NewEnvironment)

function aloneOnBlue(): World {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  return world
}

it('a candidate that runs the version on every instance already is not deployed to again', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green'), { version: '1.1.0', labels: { 'i-1': '1.1.0' } })

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(world.changes()).not.toContain('deploy')
})

it.each([
  ['an instance that runs something else', { 'i-1': '1.1.0', 'i-2': '1.0.0' }],
  ['nobody who can tell what its instances run', undefined],
  ['no instance at all', {}],
])('a candidate with the label but with %s is deployed to', async (_, labels) => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green'), { version: '1.1.0', labels })

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(world.changes()).toContain('deploy')
})

it('a candidate that serves requests is not deployed to', async () => {
  const world = standingPair()
  world.aws.member('shop-green').rate = 43

  const seen = await world.run('deploy', { drainTimeout: 60_000 })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('shop-green serves 43.0 requests a second')
  expect(world.changes()).toEqual([])
})

it('load balancers’ own checks are not users', async () => {
  const world = standingPair()
  world.aws.member('shop-green').rate = 0.5

  expect((await world.run('deploy')).is).toBe('promoted')
})

it('a candidate without a group is taken for one instance when its requests are judged', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').group = undefined
  Object.assign(world.aws.member('shop-green'), { rate: 0.4, group: undefined })

  expect((await world.run('deploy')).is).toBe('promoted')
})

it('production that moves while the candidate is waited for stops the deployment before it touches anything', async () => {
  const world = standingPair()
  world.wire.upon('newestEventAt', () => {
    const [blue, green] = world.aws.members
    Object.assign(green as object, { cname: production })
    Object.assign(blue as object, { cname: 'other.example' })
  })

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('Somebody moved production meanwhile')
  expect(world.changes()).toEqual([])
})

it('a deployment that Beanstalk takes back is a failure, with Beanstalk’s own words and how to read more', async () => {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { deploying: 'is taken back' })

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('does not run it. Beanstalk says: Failed to deploy application.')
  expect(seen.remedies[0]?.command).toContain('describe-events --environment-id e-green')
})

it('a deployment with errors is a failure, even if the version arrived', async () => {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { deploying: 'has errors' })

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('had errors. Beanstalk says: Failed to deploy application.')
})

it('a request that never arrived is sent once more, after watching for a while', async () => {
  const world = standingPair()
  world.wire.fail('deploy', 'never arrives')

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  const [first, second] = world.wire.calls.filter(({ name }) => name === 'deploy')
  expect(Number(second?.at) - Number(first?.at)).toBeGreaterThan(90_000)
})

it('a request that arrives late is followed, not sent again', async () => {
  const world = standingPair()
  world.wire.fail('deploy', 'arrives late')

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(world.changes().filter((name) => name === 'deploy')).toHaveLength(1)
})

it('a deployment to what was the way back says so', async () => {
  const world = standingPair()
  await world.run('deploy')
  publish(world, '1.2.0', world.clock.now())
  await world.clock.runUntil(world.clock.now() + 300_000)

  const seen = await world.run('deploy', { version: '1.2.0' })

  expect(seen.log).toContain('This ends the instant way back to 1.0.0: its environment gets 1.2.0.')
})

it('a missing candidate is created from live’s configuration, without what carries live’s own id', async () => {
  const world = aloneOnBlue()
  world.aws
    .member('shop-blue')
    .options.push(
      { namespace: 'env', name: 'STAGE', value: 'production' },
      { namespace: 'elb', name: 'Logs', value: 'elb-e-blue' },
      { namespace: 'elb', name: 'Groups', value: 'sg-1,sg-e-blue,sg-2', resource: 'LoadBalancer' },
    )

  const seen = await world.run('deploy', { optionSettings: [{ namespace: 'env', name: 'MORE', value: '1' }] })

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
  expect(ordered(world)).toMatchObject([
    {
      name: 'shop-green',
      version: '1.1.0',
      cnamePrefix: undefined,
      optionSettings: [
        { name: 'Groups', value: 'sg-1,sg-2', resource: 'LoadBalancer' },
        { namespace: 'env', name: 'MORE', value: '1' },
      ],
      optionsToRemove: [{ namespace: 'elb', name: 'Logs', resource: undefined }],
    },
  ])
  expect([...world.aws.templates]).toEqual([])
})

it('a missing candidate gets its own target group where live has its own', async () => {
  const world = aloneOnBlue()
  const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
  const [blue, green] = ['aws:targetgroup/blue', 'aws:targetgroup/green']
  const shown = { namespace: 'env', name: 'MINE' }
  world.aws
    .member('shop-blue')
    .options.push(
      { ...option, value: blue },
      { ...shown, value: blue },
      { namespace: 'env', name: 'STAGE', value: 'production' },
    )
  const targetGroups = { 'shop-blue': blue, 'shop-green': green }

  const seen = await world.run('deploy', { targetGroups })

  expect(seen.is).toBe('promoted')
  expect(ordered(world)[0]?.optionSettings).toEqual([
    { ...option, value: green },
    { ...shown, value: green },
  ])
  expect(ordered(world)[0]?.optionsToRemove).toEqual([])
})

it.each([{}, { targetGroups: { 'shop-blue': 'aws:targetgroup/blue' } }])(
  'a missing candidate gets no target group of live’s, whose requests it would get: %j',
  async (known) => {
    const world = aloneOnBlue()
    const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
    world.aws.member('shop-blue').options.push({ ...option, value: 'aws:targetgroup/blue' })

    const seen = await world.run('deploy', known)

    expect(seen.is).toBe('promoted')
    expect(ordered(world)[0]?.optionSettings).toEqual([])
    expect(ordered(world)[0]?.optionsToRemove).toEqual([{ ...option, resource: undefined }])
  },
)

it('a copy for a verification gets no target group, whatever the inputs call its own', async () => {
  const world = aloneOnBlue()
  const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
  const [blue, green] = ['aws:targetgroup/blue', 'aws:targetgroup/green']
  world.aws.member('shop-blue').options.push({ ...option, value: blue })
  const targetGroups = { 'shop-blue': blue, 'shop-green': green }

  const seen = await world.run('verify', { targetGroups })

  expect(seen.is).toBe('verified')
  expect(ordered(world)[0]?.optionSettings).toEqual([])
  expect(ordered(world)[0]?.optionsToRemove).toEqual([{ ...option, resource: undefined }])
  expect(seen.log.join()).toContain('shop-green gets no target group')
})

it('a copy gets the target group that `option-settings` says', async () => {
  const world = aloneOnBlue()
  const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
  world.aws.member('shop-blue').options.push({ ...option, value: 'aws:targetgroup/blue' })
  const third = { ...option, value: 'aws:targetgroup/third' }

  const seen = await world.run('verify', { optionSettings: [third] })

  expect(ordered(world)[0]).toMatchObject({ optionSettings: [third], optionsToRemove: [] })
  expect(seen.log.join()).not.toContain('gets no target group')
})

it('a saved configuration that has the new one’s own target group is left as it is', async () => {
  const world = aloneOnBlue()
  world.aws.templates.add('standard')
  const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
  world.aws.member('shop-blue').options.push({ ...option, value: 'aws:targetgroup/green' })
  const targetGroups = { 'shop-blue': 'aws:targetgroup/blue', 'shop-green': 'aws:targetgroup/green' }

  await world.run('deploy', { targetGroups, template: 'standard' })

  expect(ordered(world)[0]).toMatchObject({ optionSettings: [], optionsToRemove: [] })
})

it('options that carry no id of live’s are left to the template', () => {
  const options = [{ namespace: 'env', name: 'STAGE', value: 'production' }]
  expect(withoutOwnIds(options, 'e-blue')).toEqual({ optionSettings: [], optionsToRemove: [] })
})

it('a saved configuration that is named is what a missing candidate is created from', async () => {
  const world = aloneOnBlue()
  world.aws.templates.add('standard')

  const seen = await world.run('deploy', { template: 'standard' })

  expect(seen.is).toBe('promoted')
  expect(ordered(world)[0]?.base).toEqual({ template: 'standard' })
  expect(world.changes()).not.toContain('createTemplate')
})

it('lost answers on the way to a new environment are settled by looking', async () => {
  const world = aloneOnBlue()
  world.wire.fail('createTemplate', 'answer lost')
  world.wire.fail('create', 'answer lost')

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(ordered(world)).toHaveLength(1)
})

it('a new environment whose request never arrived is asked for once more', async () => {
  const world = aloneOnBlue()
  world.wire.fail('create', 'never arrives')

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(ordered(world)).toHaveLength(2)
  expect([...world.aws.templates]).toEqual([])
})

it('a new environment whose request came late, after all, is the one', async () => {
  const world = aloneOnBlue()
  world.wire.fail('create', 'never arrives')
  world.wire.upon('create', () =>
    world.wire.upon('create', ({ args }) => world.aws.create(args[0] as NewEnvironment)),
  )

  expect((await world.run('deploy')).is).toBe('promoted')
})

it.each(['never arrives', 'refused'] as const)(
  'a new environment whose second request %s, too, means that the deployment fails',
  async (fault) => {
    const world = aloneOnBlue()
    world.wire.fail('create', 'never arrives')
    world.wire.fail('create', fault)

    expect((await world.run('deploy')).is).toBe('failed')

    expect(ordered(world)).toHaveLength(2)
    expect([...world.aws.templates]).toEqual([])
    expect(world.object.state.pending).toEqual([])
  },
)

it('a refused creation leaves no saved configuration behind', async () => {
  const world = aloneOnBlue()
  world.wire.fail('create', 'refused')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'AWS refused it.' })
  expect([...world.aws.templates]).toEqual([])
  expect(world.object.state.pending).toEqual([])
})

it.each([
  ['a platform', { platform: '64bit Amazon Linux 2023 running Node.js 24' }],
  ['a saved configuration', { template: 'standard' }],
])('the first environment of a pair is created from %s, with the production address', async (_, base) => {
  const world = emptyWorld()
  publish(world, '1.1.0', 0)
  world.aws.templates.add('standard')

  const seen = await world.run('deploy', base)

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-blue', version: '1.1.0' } })
  expect(ordered(world)).toMatchObject([{ name: 'shop-blue', base, cnamePrefix: 'shop' }])
  expect(world.aws.member('shop-blue').cname).toBe(production)
  expect(world.object.state).toMatchObject({ pending: [], productionName: production })
  expect(world.object.state.promotions).toMatchObject([{ by: 'deploy', environment: 'e-new-shop-blue' }])
})

it('a first environment that fails its tests stays, because it has the production address', async () => {
  const world = emptyWorld()
  publish(world, '1.1.0', 0)
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  const seen = await world.run('deploy', { platform: 'Node.js 24', onFailure: 'terminate' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.left[0]).toContain('stays: it has production traffic')
  expect(world.changes()).not.toContain('terminate')
})

it('the candidate gets as many instances as live has before it is verified', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue').group as object, { max: 8, desired: 6, inService: 6 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Verify candidate')

  expect(world.aws.member('shop-green').group).toMatchObject({ min: 6, max: 6, inService: 6 })
  expect((await world.clock.run(running.ended)).is).toBe('promoted')
})

it('a candidate that has live’s instances already is not resized', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green').group as object, { min: 2, desired: 3, inService: 3 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Verify candidate')

  expect(world.changes()).toEqual(['deploy'])
})

it('a candidate with no group cannot be held, and gets no traffic', async () => {
  const world = standingPair()
  world.aws.member('shop-green').group = undefined

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('shop-green has no Auto Scaling group')
})

it('a group that vanishes while its instances are waited for is said', async () => {
  const world = standingPair()
  world.wire.upon('resize', () => {
    world.clock.at(world.clock.now() + 1_000, () => {
      world.aws.member('shop-green').group = undefined
    })
  })

  const seen = await world.run('deploy', { timeout: takes.deploy + 600_000 })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
})

it('a candidate that became busy after the plan is waited for, and deployed to then', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  world.wire.upon('deploy', () => {
    green.status = 'Updating'
    world.clock.at(world.clock.now() + 120_000, () => Object.assign(green, { status: 'Ready' }))
  })

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(seen.log).toContain('shop-green is busy by now: that is waited for.')
})

it('a candidate that stays busy is named, with its events', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  world.wire.upon('deploy', () => Object.assign(green, { status: 'Updating' }))

  const seen = await world.run('deploy')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('until shop-green is Ready again, and saw last: it is Updating')
  expect(seen.remedies[0]?.command).toContain('describe-events --environment-id e-green')
})

it('a candidate that is gone when its business is over is refused by Beanstalk', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  world.wire.upon('deploy', () => {
    green.status = 'Updating'
    world.clock.at(world.clock.now() + 10_000, () => world.aws.members.splice(1, 1))
  })

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
})
