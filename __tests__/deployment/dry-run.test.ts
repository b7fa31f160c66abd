import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import type { Probe } from '../../src/deployment/ports.ts'
import { pretendClock } from '../../src/deployment/pretend/clock.ts'
import { pretend } from '../../src/deployment/pretend.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { stories } from './stories.ts'
import {
  isChange,
  production,
  promotedPair,
  publish,
  standingPair,
  until,
  untilStage,
  type World,
} from './world.ts'

type OperationOf = Parameters<World['run']>[0]

/** A dry run in the world; nothing of the world is changed by it, and it does not take long. */
async function planned(world: World, operation: OperationOf, settings: Partial<Settings> = {}) {
  const before = JSON.stringify([world.aws.members, [...world.aws.templates], world.object])
  const from = world.wire.calls.length
  const began = world.clock.now()
  const seen = await world.run(operation, { ...settings, dryRun: true })
  expect(world.wire.calls.slice(from).filter(({ isWrite, name }) => isWrite || name === 'take')).toEqual([])
  expect(JSON.stringify([world.aws.members, [...world.aws.templates], world.object])).toBe(before)
  expect(world.clock.now() - began).toBeLessThan(60_000)
  return { ...seen, text: seen.log.join('\n') }
}

describe('a dry run', () => {
  it.each(stories.map((story) => [story.name, story] as const))(
    'of %s changes nothing',
    async (_, { world, operation, settings }) => {
      const { is, says, plan } = await planned(await world(), operation, settings)
      expect(is).toBe('reported')
      expect(says).toContain('Dry run, nothing was changed. When all goes well')
      expect(plan?.length).toBeGreaterThan(0)
    },
  )

  it('tells nothing as seen that was only pretended', async () => {
    const { users, testsPassed, proof, undone, left, live, candidateUrl, bringUpTook } = await planned(
      standingPair(),
      'deploy',
    )
    expect([users, testsPassed, proof, candidateUrl, bringUpTook]).toEqual(Array(5).fill(undefined))
    expect([undone, left]).toEqual([[], []])
    expect(live?.version).toBe('1.0.0')
  })

  it('does not run the tests', async () => {
    const world = standingPair()
    world.tests = () => Promise.reject(new Error('they ran'))
    expect((await planned(world, 'deploy')).text).toContain('would run the `test-command`')
  })

  it('marks everything that it only pretends, from the first stage after the plan on', async () => {
    const { log } = await planned(standingPair(), 'deploy')
    const from = log.indexOf('▸ Publish version')
    expect(from).toBeGreaterThan(0)
    for (const line of log.slice(from)) expect(line).toMatch(/^(▸ |would )/)
    expect(log).toContain('would say: The tests passed.')
    expect(log).toContain('would say: Deploying 1.1.0 to shop-green.')
    expect(log.slice(0, from).join()).not.toContain('would say')
  })

  it('marks as pretended what settles an earlier run, which comes before any plan', async () => {
    const world = standingPair()
    const running = world.start('deploy')
    await untilStage(world, running, 'Bake')
    running.kill()
    await world.clock.runUntil(world.clock.now() + 320_000)
    const { log } = await planned(world, 'recover')
    const from = log.findIndex((line) => line.startsWith('▸ Settle'))
    expect(from).toBeGreaterThan(0)
    for (const line of log.slice(from)) expect(line).toMatch(/^(▸ |would )/)
  })

  it('of what only looks marks nothing', async () => {
    const { log } = await planned(standingPair(), 'status')
    expect(log.filter((line) => line.startsWith('would'))).toEqual([])
  })

  it('is not filled with what nobody waits for', async () => {
    expect((await planned(standingPair(), 'deploy')).text).not.toContain('waiting until')
  })

  it('says in every stage what it would do, and about how long it takes', async () => {
    const { plan, stages } = await planned(standingPair(), 'deploy')
    expect(plan?.map(({ title }) => title)).toEqual(stages.map(({ title }) => title))
    const bake = stages.find(({ title }) => title === 'Bake')
    expect(bake?.took).toBeGreaterThanOrEqual(300_000)
  })

  it('is refused as the operation would be', async () => {
    const world = standingPair()
    world.aws.member('shop-green').tier = 'Worker'
    const { is, says, remedies } = await planned(world, 'deploy')
    expect(is).toBe('failed')
    expect(remedies[0]?.why).toContain('Deploy workers in place')
    expect(says).toContain('`deploy` would end `failed`: shop-green is a worker environment')
  })

  it('finds the network as it is, until something is pretended', async () => {
    const world = standingPair()
    world.canSee = () => false
    const { warnings, text, is } = await planned(world, 'deploy', { probe: 'auto' })
    expect(is).toBe('reported')
    expect(text).toContain('does not answer from here')
    // What a warning would be then is a line of the plan now.
    expect(warnings).toEqual([])
  })

  it('refuses what has traffic that nobody expects there', async () => {
    const world = standingPair()
    world.aws.member('shop-green').rate = 43
    const { is, says } = await planned(world, 'deploy')
    expect(is).toBe('failed')
    expect(says).toContain('shop-green serves 43.0 requests a second')
  })

  it('tells what makes a candidate unfit that is already there, with its causes', async () => {
    const world = standingPair()
    const green = world.aws.member('shop-green')
    Object.assign(green, {
      version: '1.1.0',
      labels: { 'i-1': '1.1.0' },
      health: 'Severe',
      causes: ['It burns.'],
    })
    const { is, says } = await planned(world, 'deploy')
    expect(is).toBe('failed')
    expect(says).toContain('It burns.')
  })

  it('goes on as when instances that are being launched are there', async () => {
    const world = standingPair()
    Object.assign(world.aws.member('shop-green').group as object, { min: 2, desired: 3, inService: 1 })
    expect((await planned(world, 'deploy')).is).toBe('reported')
  })

  it('goes on as when a termination under way is over, and creates the environment anew', async () => {
    const world = standingPair()
    world.aws.member('shop-green').status = 'Terminating'
    const { is, text } = await planned(world, 'deploy')
    expect(is).toBe('reported')
    expect(text).toContain('It would wait: shop-green is Terminating now.')
    expect(text).toContain(
      'would call CreateEnvironment: EnvironmentName=shop-green, VersionLabel=1.1.0, TemplateName=',
    )
  })

  it('has the size of the configuration that an environment is created from', async () => {
    const world = standingPair()
    world.aws.members.splice(1)
    const size = (name: string, value: string) => ({ namespace: 'aws:autoscaling:asg', name, value })
    world.aws.member('shop-blue').options.push(size('MinSize', '2'), size('MaxSize', '6'))
    const { text } = await planned(world, 'deploy')
    expect(text).not.toContain(
      'UpdateAutoScalingGroup: AutoScalingGroupName=the Auto Scaling group of the new',
    )
    const own = await planned(world, 'deploy', { template: 'mine', tags: { team: 'shop' } })
    expect(own.text).toContain('TemplateName=mine, Tags: 1')
    expect(own.text).toContain('the Auto Scaling group of the new shop-green, MinSize=2')
  })

  it('does not show the values of option settings', async () => {
    const world = standingPair()
    world.aws.members.splice(1)
    const optionSettings = [
      { namespace: 'aws:elasticbeanstalk:application:environment', name: 'A', value: 's3cret' },
    ]
    const { text } = await planned(world, 'deploy', { optionSettings })
    expect(text).toContain('OptionSettings: 1')
    expect(text).not.toContain('s3cret')
  })

  it('of the second move in a row knows where the first one led', async () => {
    const world = standingPair()
    const first = world.start('deploy')
    await untilStage(world, first, 'Bake')
    first.kill()
    world.aws.member('shop-green').health = 'Severe'
    publish(world, '1.2.0', world.clock.now())
    await world.clock.runUntil(world.clock.now() + 320_000)
    const { is, text } = await planned(world, 'deploy', { version: '1.2.0' })
    expect(is).toBe('reported')
    expect(text.match(/would call swap/g)).toEqual(['would call swap', 'would call swap'])
  })

  it('says for whom it would wait, linked or not', async () => {
    const world = await promotedPair()
    publish(world, '1.2.0', world.clock.now())
    const other = world.start('deploy', { version: '1.2.0' })
    await untilStage(world, other, 'Prepare candidate')
    world.wire.watch((_, call) => {
      if (call.by !== 'deploy 2') expect(isChange(call)).toBe(false)
    })
    const seen = await world.run('deploy', { version: '1.2.0', dryRun: true })
    expect(seen.log.join('\n')).toContain('It would wait for deploy 2, which does deploy.')
    expect(seen.is).toBe('reported')
  })

  it('of a rollback waits for what is no bake yet', async () => {
    const world = await promotedPair()
    publish(world, '1.2.0', world.clock.now())
    const other = world.start('deploy', { version: '1.2.0' })
    await untilStage(world, other, 'Prepare candidate')
    const seen = await world.run('rollback', { dryRun: true })
    expect(seen.log.join('\n')).toContain('It would wait for deploy 2')
  })

  it('that is cancelled says that nothing was changed', async () => {
    const world = standingPair()
    const running = world.start('deploy', { dryRun: true })
    await until(world, () => running.log.includes('▸ Plan'))
    running.cancel()
    const { is, says } = await world.clock.run(running.ended)
    expect(is).toBe('failed')
    expect(says).toBe('Dry run, nothing was changed. It was cancelled.')
  })

  it('tells a mistake of ours with its stack', async () => {
    const world = standingPair()
    world.wire.fail('options', new TypeError('oops'))
    expect((await planned(world, 'deploy')).bug?.message).toBe('oops')
  })
})

describe('a clock that does not wait', () => {
  it('wakes whoever is due first, and moves time there', async () => {
    const real = virtualClock()
    const clock = pretendClock(real)
    const began = clock.now()
    const woken: string[] = []
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms)
      woken.push(`${name} ${clock.now() - began}`)
    }
    await real.run(Promise.all([sleeper('late', 10 * 3_600_000), sleeper('soon', 5_000)]))
    expect(woken).toEqual(['soon 5000', 'late 36000000'])
    expect(real.now()).toBe(began)
  })

  it('wakes nobody while something real is waited for', async () => {
    const real = virtualClock()
    const clock = pretendClock(real)
    const seen: string[] = []
    const slept = clock.sleep(1_000).then(() => seen.push('slept'))
    const asked = clock.ask(() => real.sleep(9_000)).then(() => seen.push('asked'))
    await real.run(Promise.all([slept, asked]))
    expect(seen).toEqual(['asked', 'slept'])
  })

  it('ends a sleep with its signal, before and during it', async () => {
    const real = virtualClock()
    const clock = pretendClock(real)
    const stop = new AbortController()
    const sleeping = clock.sleep(1_000, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(sleeping).rejects.toThrow('stopped')
    await expect(clock.sleep(1_000, stop.signal)).rejects.toThrow('stopped')
    const going = new AbortController()
    await real.run(clock.sleep(1_000, going.signal))
    going.abort()
  })
})

describe('pretended ports', () => {
  const pretended = async (world: World) => {
    const { run } = await world.bare()
    const { ports, stages } = pretend(run.ports, { ...run.settings, dryRun: true })
    return { ports, stages, drive: <T>(work: Promise<T>) => world.clock.run(work) }
  }

  it('read what nobody pretended for real', async () => {
    const { ports, drive } = await pretended(standingPair())
    const { beanstalk, capacity, journal, probe } = ports
    expect(await drive(beanstalk.all())).toHaveLength(2)
    expect(await drive(beanstalk.applications())).toEqual(['shop'])
    expect(await drive(beanstalk.enhancedHealth('e-green'))).toMatchObject({ perSecond: 0 })
    expect(await drive(beanstalk.causes('e-green'))).toEqual([])
    expect(await drive(beanstalk.events('e-green', 0))).toEqual([])
    expect(await drive(capacity.read('e-nobody'))).toBeUndefined()
    expect(await drive(capacity.read('e-nobody'))).toBeUndefined()
    const group = await drive(capacity.read('e-blue'))
    expect(await drive(capacity.readGroup(group?.name ?? ''))).toEqual(group)
    expect(await drive(capacity.readGroup('asg-nobody'))).toBeUndefined()
    expect(await drive(probe.alias('shop.example.com'))).toBeUndefined()
    expect((await drive(journal.peek())).held).toBeUndefined()
    expect(journal.lost.aborted).toBe(false)
  })

  it('ask the very host that is to be asked', async () => {
    const world = standingPair()
    const { run } = await world.bare()
    const asked: unknown[] = []
    const ask: Probe['ask'] = async (url, _, at) => {
      asked.push([url, at])
      return { is: 'answer', status: 204, took: 1 }
    }
    const { ports } = pretend({ ...run.ports, probe: { ...run.ports.probe, ask } }, run.settings)
    expect(await world.clock.run(ports.probe.ask('http://shop/', undefined, 'lb'))).toMatchObject({
      status: 204,
    })
    expect(asked).toEqual([['http://shop/', 'lb']])
  })

  it('know an environment that was read before under all of the application’s, too', async () => {
    const { ports, drive } = await pretended(standingPair())
    await drive(ports.beanstalk.deploy('e-green', '1.1.0'))
    const all = await drive(ports.beanstalk.all())
    expect(all.map(({ name, status }) => [name, status])).toEqual([
      ['shop-green', 'Updating'],
      ['shop-blue', 'Ready'],
    ])
  })

  it('remember a verification, and that there is none any more', async () => {
    const { ports, drive } = await pretended(standingPair())
    const { versions } = ports
    expect(await drive(versions.verified('1.1.0'))).toBeUndefined()
    const verification = {
      environment: 'e-green',
      commit: undefined,
      tests: 'none',
      at: 0,
      unchangedSince: 0,
      live: { environment: 'e-blue', version: undefined },
    } as const
    await drive(versions.remember('1.1.0', verification))
    expect(await drive(versions.verified('1.1.0'))).toEqual(verification)
    await drive(versions.remember('1.1.0', undefined))
    expect(await drive(versions.verified('1.1.0'))).toBeUndefined()
  })

  it('plan no claim where there is none to make', async () => {
    const { ports, drive, stages } = await pretended(standingPair())
    await drive(
      ports.report.group('Lock', () => ports.journal.take(0, 'nobody', { changes: async () => [] })),
    )
    expect(stages[0]?.steps).toEqual(['call PutObject: the journal, with the lock, and no claim'])
  })

  it('answer for what is not there', async () => {
    const { ports, drive, stages } = await pretended(standingPair())
    const { beanstalk, capacity, journal } = ports
    await ports.report.group('Nothing', async () => {})
    await drive(beanstalk.deploy('e-nobody', '1'))
    await drive(beanstalk.terminate('e-nobody'))
    await drive(beanstalk.createTemplate('t', 'e-nobody'))
    await drive(capacity.resize('asg-nobody', { max: 1 }))
    await drive(journal.release())
    expect(await drive(beanstalk.read(['e-nobody']))).toEqual([])
    expect(stages[0]?.steps.map((step) => step.split(':')[0])).toEqual([
      'call UpdateEnvironment',
      'call TerminateEnvironment',
      'call CreateConfigurationTemplate',
      'call UpdateAutoScalingGroup',
      'call PutObject',
    ])
  })

  it('move what has the CNAME, and nothing else', async () => {
    const { ports, drive } = await pretended(standingPair())
    await drive(ports.beanstalk.find(['shop-blue', 'shop-green']))
    const to = (id: string) => ({ share: { [id]: 100 }, exact: {} })
    const router = ports.routerFor({ ids: ['e-blue', 'e-green'], productionName: production })
    await drive(router.apply(to('e-green'), to('e-blue')))
    await drive(router.apply(to('e-blue'), to('e-nobody')))
    const names = async () =>
      (await drive(ports.beanstalk.read(['e-blue', 'e-green']))).map(({ cname }) => cname)
    const before = await names()
    expect(before[0]).toBe(production)
    await drive(router.apply(to('e-blue'), to('e-green')))
    expect(await names()).toEqual(before.reverse())
  })

  it('keep the lock through writes that do not name its holder', async () => {
    const { ports, drive } = await pretended(standingPair())
    await drive(ports.journal.take(0, 'nobody'))
    const { holder } = await drive(ports.journal.write((now) => ({ ...now, holder: undefined })))
    expect(holder?.nonce).toBe(ports.journal.nonce)
    await drive(ports.journal.release())
    await drive(ports.journal.release())
    expect(ports.journal.state.holder).toBeUndefined()
  })

  it('know what was created from nothing else', async () => {
    const { ports, drive } = await pretended(standingPair())
    const { beanstalk, capacity } = ports
    const { id } = await drive(
      beanstalk.create({
        name: 'shop-red',
        version: '1.0.0',
        base: { platform: 'P' },
        optionSettings: [],
        optionsToRemove: [{ namespace: 'n', name: 'o' }],
        tags: {},
        description: '',
        cnamePrefix: undefined,
      }),
    )
    expect(await drive(beanstalk.options('shop-red'))).toEqual([])
    expect(await drive(beanstalk.enhancedHealth(id))).toBeUndefined()
    expect(await drive(beanstalk.causes(id))).toEqual([])
    expect(await drive(beanstalk.newestEventAt(id))).toBe(0)
    expect(await drive(capacity.read(id))).toMatchObject({ min: 1, max: 4 })
  })

  it('give a group no more than it may have, and find one under two names once', async () => {
    const { ports, drive } = await pretended(standingPair())
    const { capacity } = ports
    const byName = await drive(capacity.readGroup('asg-shop-blue-1'))
    await drive(capacity.resize('asg-shop-blue-1', { desired: 9 }))
    expect(byName?.desired).toBe(2)
    expect(await drive(capacity.read('e-blue'))).toMatchObject({ desired: 4, inService: 2 })
    await drive(ports.clock.sleep(600_000))
    expect(await drive(capacity.read('e-blue'))).toMatchObject({ desired: 4, inService: 4 })
  })
})
