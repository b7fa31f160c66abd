import { describe, expect, it } from 'vitest'
import { Refused } from '../../src/deployment/errors.ts'
import type { OptionSetting } from '../../src/deployment/ports.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { production, promotedPair, publish, standingPair, type World } from './world.ts'

const option = (name: string, value: string, namespace = 'aws:x'): OptionSetting => ({
  namespace,
  name,
  value,
})
const variables = 'aws:elasticbeanstalk:application:environment'
const madeHere = 'Created by Beanstalk Blue/Green, deploy 0 (nonce0)'

/** Live has the options, the candidate has others. */
function drifted(live: OptionSetting[], candidate: OptionSetting[], green: object = {}): World {
  const world = standingPair()
  world.aws.member('shop-blue').options = live
  Object.assign(world.aws.member('shop-green'), { options: candidate, ...green })
  return world
}

const sent = (world: World, name: string) =>
  world.wire.calls.filter((call) => call.name === name).map(({ args }) => args)

const optionsOfGreen = (world: World) =>
  world.aws.member('shop-green').options.map(({ name, value }) => `${name}=${value}`)

describe('a candidate that is configured otherwise', () => {
  it('is refused before anything is changed, with what differs and how to mend it', async () => {
    const world = drifted([option('Size', 'large')], [option('Size', 'small')])

    const seen = await world.run('deploy', { package: 'bundle.zip', version: '1.2.0' })

    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' }, drift: { treatment: 'fail' } })
    expect(seen.says).toContain('aws:x Size (large on shop-blue, small on shop-green)')
    expect(seen.remedies.map(({ workflow }) => workflow)).toContain('configuration: sync')
    expect(world.changes()).toEqual([])
  })

  it('is refused for verify, and for a promote that has to verify again', async () => {
    for (const operation of ['verify', 'promote'] as const) {
      const world = drifted([option('Size', 'large')], [])
      const seen = await world.run(operation)
      expect(seen.says).toContain('shop-green is configured otherwise')
      expect(world.changes()).toEqual([])
    }
  })

  it('names five differences, and counts the rest', async () => {
    const many = Array.from({ length: 7 }, (_, index) => option(`O${index}`, '1'))
    const seen = await drifted(many, []).run('deploy')
    expect(seen.says).toContain(
      'O4 (1 on shop-blue, not set on shop-green), and 2 more, which the log names.',
    )
    expect(seen.log.filter((line) => line.startsWith('aws:x O'))).toHaveLength(7)
  })

  it('has a target group of its own, and gets it back instead of live’s', async () => {
    const targetGroups = { 'shop-blue': 'arn:blue', 'shop-green': 'arn:green' }
    const same = drifted(
      [option('Target', 'arn:blue'), option('Size', 'large')],
      [option('Target', 'arn:green'), option('Size', 'large')],
    )
    expect(await same.run('deploy', { targetGroups })).toMatchObject({ is: 'promoted', drift: undefined })
    const wrong = drifted([option('Target', 'arn:blue')], [option('Target', 'arn:blue')])
    expect((await wrong.run('deploy', { targetGroups, configuration: 'sync' })).is).toBe('promoted')
    expect(optionsOfGreen(wrong)).toContain('Target=arn:green')
  })

  it('keeps its target group where nobody says whose is whose', async () => {
    const custom = (value: string) => option('Target', value, 'aws:elasticbeanstalk:customoption')
    const world = drifted([custom('aws:targetgroup/blue')], [custom('aws:targetgroup/green')])
    expect(await world.run('deploy', { configuration: 'sync' })).toMatchObject({
      is: 'promoted',
      drift: undefined,
    })
    expect(optionsOfGreen(world)).toContain('Target=aws:targetgroup/green')
  })

  it('is kept as it is with `keep`', async () => {
    const world = drifted([option('Size', 'large')], [option('Size', 'small')])
    const seen = await world.run('deploy', { configuration: 'keep' })
    expect(seen).toMatchObject({ is: 'promoted', drift: { treatment: 'keep' } })
    expect(optionsOfGreen(world)).toEqual(['Size=small'])
  })

  it('gets live’s values with `sync`, in the update that brings the version', async () => {
    const world = drifted(
      [option('Size', 'large'), option('SECRET', 's3cr3t', variables)],
      [option('Size', 'small'), option('Extra', '1')],
    )
    const seen = await world.run('deploy', { configuration: 'sync' })
    expect(seen).toMatchObject({ is: 'promoted', drift: { treatment: 'set' } })
    expect(optionsOfGreen(world)).toEqual(['SECRET=s3cr3t', 'Size=large'])
    expect(sent(world, 'configure')).toEqual([])
    expect(seen.log.join('\n')).not.toContain('s3cr3t')
  })

  it('gets live’s scheduled actions by the names that they have', async () => {
    const at = (resource?: string) => ({
      ...option('StartTime', '22', 'aws:autoscaling:scheduledaction'),
      ...(resource && { resource }),
    })
    const world = drifted([at('night'), at()], [at('day')])
    expect((await world.run('deploy', { configuration: 'sync' })).is).toBe('promoted')
    const { value: _, ...gone } = at('day')
    expect(sent(world, 'deploy')[0]?.[2]).toEqual({
      optionSettings: [at(), at('night')],
      optionsToRemove: [gone],
    })
  })

  it('gets live’s platform first', async () => {
    const world = drifted([option('Size', 'large')], [], { platform: 'older' })
    const seen = await world.run('deploy', { configuration: 'sync' })
    expect(seen.is).toBe('promoted')
    expect(world.changes().slice(0, 2)).toEqual(['configure', 'deploy'])
    expect(world.aws.member('shop-green').platform).toBe(world.aws.member('shop-blue').platform)
  })

  it('gets live’s platform also when it runs the version already', async () => {
    const world = drifted([], [], { platform: 'older', version: '1.1.0', labels: { 'i-1': '1.1.0' } })
    const seen = await world.run('deploy', { configuration: 'sync' })
    expect(seen).toMatchObject({ is: 'promoted', drift: { treatment: 'set' } })
    expect(world.changes()).not.toContain('deploy')
  })

  it('is levelled by itself if this action created it, unless there is a template', async () => {
    const world = () => drifted([option('Size', 'large')], [], { description: madeHere })
    expect(await world().run('deploy')).toMatchObject({ drift: { treatment: 'set' } })
    expect(await world().run('deploy', { template: 'standard' })).toMatchObject({
      drift: { treatment: 'keep' },
    })
  })

  it('is not levelled where nobody can tell which security groups are live’s own', async () => {
    const groups = (list: string) => [option('SecurityGroups', list, 'aws:autoscaling:launchconfiguration')]
    const world = drifted(groups('sg-1,sg-2'), groups('sg-3'))
    const seen = await world.run('deploy', { configuration: 'sync' })
    expect(seen.is).toBe('failed')
    expect(seen.says).toContain('cannot get the security groups of shop-blue')
    expect(world.changes()).toEqual([])
  })
})

describe('the inputs’ own options', () => {
  const own = { optionSettings: [option('Size', 'large'), option('TOKEN', 's3cr3t', variables)] }
  const runsIt = { version: '1.1.0', labels: { 'i-1': '1.1.0' } }

  it('go to a candidate that exists in one update with the version', async () => {
    const world = drifted([], [])
    const seen = await world.run('deploy', own)
    expect(seen.is).toBe('promoted')
    expect(seen.log).toContain('Deploying 1.1.0 with 2 options to shop-green.')
    expect(optionsOfGreen(world)).toEqual(['Size=large', 'TOKEN=s3cr3t'])
    expect(seen.log.join('\n')).not.toContain('s3cr3t')
  })

  it('are not sent again when it has them', async () => {
    const world = drifted([], [...own.optionSettings])
    expect((await world.run('deploy', own)).is).toBe('promoted')
    expect(sent(world, 'deploy')).toEqual([['e-green', '1.1.0']])
  })

  it('are there already where Beanstalk’s own security group is beside the wanted ones', async () => {
    const groups = (list: string) => option('SecurityGroups', list, 'aws:autoscaling:launchconfiguration')
    const has = async (there: string) => {
      const world = drifted([], [groups(there)])
      await world.run('deploy', { optionSettings: [groups('sg-1')] })
      return sent(world, 'deploy')[0]?.length === 2
    }
    expect(await has('sg-1,sg-e0')).toBe(true)
    expect(await has('sg-1,e-green-own')).toBe(true)
    expect(await has('sg-1,sg-e0,sg-e1')).toBe(false)
    expect(await has('sg-1,another')).toBe(false)
    expect(await has('sg-2')).toBe(false)
  })

  it('come first, in an update of their own, where Beanstalk does not take both', async () => {
    const world = drifted([], [])
    world.aws.takesBoth = false
    const seen = await world.run('deploy', own)
    expect(seen.is).toBe('promoted')
    expect(world.changes().slice(0, 3)).toEqual(['deploy', 'configure', 'deploy'])
    expect(sent(world, 'deploy').at(-1)).toEqual(['e-green', '1.1.0'])
  })

  it('come alone when the version runs there already', async () => {
    const world = drifted([], [], runsIt)
    const seen = await world.run('deploy', { optionSettings: [option('Size', 'large')] })
    expect(seen.is).toBe('promoted')
    expect(seen.log).toContain('Changing one option of shop-green: aws:x Size.')
    expect(world.changes()).not.toContain('deploy')
  })

  it('that fail are a failure that says so, and whether the version is there', async () => {
    const there = drifted([], [], runsIt)
    there.aws.configuring.push('is taken back')
    expect((await there.run('deploy', own)).says).toContain('did not take its new options')

    const world = drifted([option('Extra', '1')], [option('Other', '1')])
    world.aws.takesBoth = false
    world.aws.configuring.push('is taken back')
    const seen = await world.run('deploy', { ...own, configuration: 'sync' })
    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' }, drift: { treatment: 'sync' } })
    expect(seen.says).toContain(
      'aws:x Other (taken out)), so 1.1.0 was not deployed there. Beanstalk says: Failed',
    )
    expect(world.aws.member('shop-green').version).toBe('1.0.0')
  })

  it('that fail with their version are a failure', async () => {
    const world = drifted([], [])
    world.aws.behaviours.set('1.1.0', { deploying: 'is taken back' })
    const seen = await world.run('deploy', own)
    expect(seen.says).toContain('The deployment of 1.1.0 with 2 options failed')
    expect(optionsOfGreen(world)).toEqual([])
  })

  it('whose request got lost are sent once more, and a second time is said', async () => {
    const world = drifted([], [], runsIt)
    world.wire.fail('configure', 'never arrives')
    expect((await world.run('deploy', own)).is).toBe('promoted')

    const again = drifted([], [], runsIt)
    again.wire.fail('configure', 'arrives late')
    expect((await again.run('deploy', own)).is).toBe('promoted')
    expect(sent(again, 'configure')).toHaveLength(1)
  })

  it('are not sent to what production has moved to meanwhile', async () => {
    const world = drifted([], [], runsIt)
    world.wire.upon('newestEventAt', () => {
      const [blue, green] = world.aws.members
      Object.assign(green as object, { cname: production })
      Object.assign(blue as object, { cname: 'other.example' })
    })
    const seen = await world.run('deploy', own)
    expect(seen.says).toContain('Somebody moved production meanwhile')
    expect(world.changes()).toEqual([])
  })

  it.each([
    ['an input', {}, 'comes from `option-settings`'],
    [
      'live',
      { optionSettings: [], configuration: 'sync' },
      'comes from the configuration of the live environment',
    ],
  ] as const)('that AWS does not take come from %s', async (_, settings: Partial<Settings>, from) => {
    const world = drifted([option('Size', 'large')], [])
    world.wire.fail(
      'deploy',
      new Refused("Invalid option value: '***' (Namespace: 'aws:x', OptionName: 'Size'): No."),
    )
    const seen = await world.run('deploy', { ...own, ...settings })
    expect(seen.says).toContain('No. That update was not begun.')
    expect(seen.remedies.at(-1)?.why).toContain(from)
    expect(seen.remedies.at(-1)?.command).toContain('--options Namespace=aws:x,OptionName=Size')
  })

  it('are left to themselves in a rollback that has to deploy first', async () => {
    const world = await promotedPair()
    Object.assign(world.aws.member('shop-blue'), { version: '0.9.0', options: [option('Size', 'small')] })
    const seen = await world.run('rollback', own)
    expect(seen.is).toBe('restored')
    expect(sent(world, 'deploy').at(-1)).toEqual(['e-blue', '1.0.0'])
  })
})

it('a saved configuration that carries live’s own ids gives them to nobody', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  world.aws.templates.add('standard')
  world.aws.templateOptions.set('standard', [option('Groups', 'sg-1,sg-e-blue'), option('Logs', 'e-blue')])
  await world.run('deploy', { template: 'standard' })
  expect(sent(world, 'create')[0]?.[0]).toMatchObject({
    optionSettings: [{ name: 'Groups', value: 'sg-1' }],
    optionsToRemove: [{ name: 'Logs' }],
  })
})

describe('within the rollback-window', () => {
  const window = { rollbackWindow: 5_400_000 }
  const promoted = async (settings: Partial<Settings> = {}) => {
    const world = await promotedPair(settings)
    publish(world, '1.2.0', world.clock.now())
    return world
  }

  it.each(['deploy', 'verify', 'promote'] as const)(
    '%s does not overwrite the way back',
    async (operation) => {
      const world = await promoted()
      const from = world.wire.calls.length
      const seen = await world.run(operation, { ...window, version: '1.2.0' })
      expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
      expect(seen.says).toMatch(
        /shop-blue is the way back to 1\.0\.0 until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(`rollback-window: 1h30m`\)/,
      )
      expect(world.changes(from)).toEqual([])
    },
  )

  it('what is over is over, and what is no way back is free', async () => {
    const world = await promoted()
    await world.clock.runUntil(world.clock.now() + 5_400_000)
    expect((await world.run('deploy', { ...window, version: '1.2.0' })).is).toBe('promoted')
    expect((await standingPair().run('deploy', window)).is).toBe('promoted')
  })

  it('the version that is the way back may be deployed there again', async () => {
    const world = await promoted()
    const seen = await world.run('deploy', { ...window, version: '1.0.0', allowOlder: true })
    expect(seen.is).toBe('promoted')
  })
})

it('a dry run says which options it would set, and how the environments differ', async () => {
  const world = drifted([option('Size', 'large')], [option('Extra', '1')], { platform: 'older' })
  const seen = await world.run('deploy', { configuration: 'sync', dryRun: true })
  expect(seen).toMatchObject({ is: 'reported', drift: { rows: [{ what: 'platform' }, {}, {}] } })
  const steps = seen.plan?.flatMap((stage) => stage.steps)
  expect(steps).toContain(
    'call UpdateEnvironment: EnvironmentId=e-green, VersionLabel=1.1.0, OptionSettings: 1, OptionsToRemove: 1',
  )
  expect(steps).toContain(
    `call UpdateEnvironment: EnvironmentId=e-green, platform ${world.aws.member('shop-blue').platform}`,
  )
})

it('a dry run of options alone says so, and reads the template for a missing environment', async () => {
  const runsIt = drifted([], [], { version: '1.1.0', labels: { 'i-1': '1.1.0' } })
  const seen = await runsIt.run('deploy', { optionSettings: [option('Size', 'large')], dryRun: true })
  expect(seen.plan?.flatMap((stage) => stage.steps)).toContain(
    'call UpdateEnvironment: EnvironmentId=e-green, OptionSettings: 1',
  )

  const alone = standingPair()
  alone.aws.members.splice(1, 1)
  alone.aws.templates.add('standard')
  expect((await alone.run('deploy', { template: 'standard', dryRun: true })).is).toBe('reported')
  expect(sent(alone, 'templateOptions')).toEqual([['standard']])
})

describe('status', () => {
  it('shows the difference, and that a deployment is refused for it', async () => {
    const world = drifted([option('Size', 'large')], [option('Size', 'small')])
    const seen = await world.run('status')
    expect(seen.pair?.drift).toMatchObject({ treatment: 'fail', rows: [{ what: 'aws:x Size' }] })
    const [obstacle] = seen.pair?.obstacles ?? []
    expect(obstacle?.what).toContain(
      'aws:x Size (large on shop-blue, small on shop-green). A deployment is refused',
    )
    expect(obstacle?.mend.command).toContain('update-environment --environment-id e-green')
    expect(seen.log).toContain('▸ How they are configured')
  })

  it('has no command that would show a property, but one that compares', async () => {
    const world = drifted([option('URL', 'one', variables)], [option('URL', 'two', variables)])
    const seen = await world.run('status')
    expect(seen.pair?.obstacles[0]?.mend.command).toContain('diff <(')
  })

  it('does not call it an obstacle where a deployment puts up with it', async () => {
    const world = drifted([option('Size', 'large')], [], { platform: 'older' })
    const seen = await world.run('status', { configuration: 'keep' })
    expect(seen.pair?.obstacles.map(({ what }) => what)).not.toContain('refused')
    expect(seen.pair?.drift?.rows).toHaveLength(2)
    const strict = await world.run('status')
    expect(
      strict.pair?.obstacles.filter(({ what }) => what.includes('A deployment is refused')),
    ).toHaveLength(2)
  })

  it('shows none where there is none, or where only the platform differs', async () => {
    expect((await standingPair().run('status')).pair?.drift).toBeUndefined()
    const seen = await drifted([], [], { platform: 'older' }).run('status')
    expect(seen.pair?.obstacles.filter(({ what }) => what.includes('A deployment is refused'))).toHaveLength(
      1,
    )
  })

  it('says what could not be read', async () => {
    const world = standingPair()
    world.wire.fail('options', 'refused', Number.POSITIVE_INFINITY)
    const seen = await world.run('status')
    expect(seen.pair?.drift).toBeUndefined()
    expect(seen.pair?.unread).toHaveLength(2)
  })
})
