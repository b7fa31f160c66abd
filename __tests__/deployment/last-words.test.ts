import { describe, expect, it } from 'vitest'
import { hearLastWords } from '../../src/deployment/last-words.ts'
import { publish, standingPair, until, type World } from './world.ts'

/** A pair whose 1.1.0 does not become healthy on green. */
function sickPair(): World {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { health: 'Severe' })
  world.aws.member('shop-green').causes = ['100.0 % of the requests are failing with HTTP 5xx.']
  world.aws.logs.set(world.aws.member('shop-green').id, 'Error: no database\nPASSWORD hunter2-of-green')
  for (const member of world.aws.members)
    member.options = [
      { namespace: 'aws:elasticbeanstalk:application:environment', name: 'DB', value: 'hunter2-of-green' },
    ]
  return world
}

const asked = (world: World, name: string) => world.wire.calls.filter((call) => call.name === name)

describe('the end of the logs of an environment that failed', () => {
  it('is in log and outcome, with the causes of its health, and without secrets', async () => {
    const world = sickPair()
    const ended = await world.run('deploy')
    expect(ended).toMatchObject({
      is: 'failed',
      lastWords: {
        environment: 'shop-green',
        causes: ['100.0 % of the requests are failing with HTTP 5xx.'],
        logs: [{ instance: expect.stringMatching(/^i-/), lines: ['Error: no database', 'PASSWORD ***'] }],
      },
    })
    expect(ended.log).toContain("▸ The end of shop-green's logs")
    expect(ended.log).toContain('  Error: no database')
    expect(ended.remedies[0]?.why).toContain('or in its summary')
    expect(ended.remedies[0]?.command).toBeUndefined()
  })

  it('is not asked for with `instance-logs: never`; the causes are told all the same', async () => {
    const world = sickPair()
    const ended = await world.run('deploy', { instanceLogs: 'never' })
    expect(ended.lastWords).toMatchObject({ causes: [expect.stringContaining('5xx')], logs: [] })
    expect(asked(world, 'tail')).toEqual([])
    expect(ended.remedies.map(({ command }) => command ?? '').join()).toContain('request-environment-info')
  })

  it('is there when the tests fail, and when the deployment does', async () => {
    const failing = standingPair()
    failing.aws.logs.set(failing.aws.member('shop-green').id, 'a page crashed')
    failing.aws.member('shop-green').causes = ['Something is slow.']
    failing.tests = async () => ({ is: 'failed', says: 'exit code 1' })
    const { lastWords } = await failing.run('deploy')
    expect(lastWords).toMatchObject({ causes: ['Something is slow.'], logs: [{ lines: ['a page crashed'] }] })

    const broken = standingPair()
    broken.aws.behaviours.set('1.1.0', { deploying: 'is taken back' })
    broken.aws.logs.set(broken.aws.member('shop-green').id, 'npm ERR! missing script')
    expect((await broken.run('deploy')).lastWords?.logs[0]?.lines).toEqual(['npm ERR! missing script'])
  })

  it('is read after production went back, never before', async () => {
    const world = standingPair()
    world.aws.logs.set(world.aws.member('shop-green').id, 'out of connections')
    world.aws.behaviours.set('1.1.0', { status: () => (world.live() === 'shop-green' ? 500 : 200) })
    const ended = await world.run('deploy', { bakeTime: 60_000 })
    expect(ended.is).toBe('rolled-back')
    expect(ended.lastWords?.logs[0]?.lines).toEqual(['out of connections'])
    const order = world.wire.calls.map(({ name }) => name)
    expect(order.indexOf('tail')).toBeGreaterThan(order.lastIndexOf('swap'))
  })

  it('is read before an environment that was created is ended', async () => {
    const world = standingPair()
    world.aws.members.splice(1, 1)
    world.tests = async () => {
      world.aws.logs.set(world.aws.member('shop-green').id, 'half of a page')
      return { is: 'failed', says: 'exit code 1' }
    }
    const ended = await world.run('deploy', { onFailure: 'terminate' })
    expect(ended.lastWords?.logs[0]?.lines).toEqual(['half of a page'])
    const order = world.wire.calls.map(({ name }) => name)
    expect(order.indexOf('tail')).toBeLessThan(order.indexOf('terminate'))
    expect(asked(world, 'tail')).toHaveLength(1)
  })

  it('is of two instances at most, and of those first that Beanstalk complained of', async () => {
    const world = sickPair()
    const green = world.aws.member('shop-green')
    green.labels = { 'i-1': '1.1.0', 'i-2': '1.1.0', 'i-3': '1.1.0' }
    const { run, drive } = await world.bare()
    run.record.sick = { id: green.id, name: green.name, says: 'Command failed on instance i-3.' }
    await drive(hearLastWords)
    expect(run.record.lastWords?.logs.map(({ instance }) => instance)).toEqual(['i-3', 'i-1'])
  })

  it('is told without causes that could not be read', async () => {
    const world = sickPair()
    world.aws.behaviours.clear()
    world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
    world.wire.fail('causes', 'refused')
    expect((await world.run('deploy')).lastWords).toMatchObject({ causes: [], logs: [{}] })
  })

  it('changes nothing when it cannot be had: the command to read it is the remedy', async () => {
    const world = sickPair()
    world.wire.fail('tail', 'refused')
    const ended = await world.run('deploy')
    expect(ended).toMatchObject({ is: 'failed', lastWords: { logs: [] } })
    expect(ended.lastWords?.causes).toHaveLength(1)
    expect(ended.log.join('\n')).toContain('They could not be read: ')
    expect(ended.remedies.at(-1)?.command).toContain('request-environment-info')
  })

  it('is not shown when nobody knows what is secret in it', async () => {
    const world = sickPair()
    world.tests = async () => {
      world.wire.fail('options', 'refused')
      return { is: 'failed', says: 'exit code 1' }
    }
    world.aws.behaviours.clear()
    const ended = await world.run('deploy')
    expect(ended.lastWords?.logs).toEqual([])
    expect(asked(world, 'tail')).toEqual([])
  })

  it('is waited for a minute, not longer', async () => {
    const world = sickPair()
    const running = world.start('deploy')
    running.ports.logs.tail = () => new Promise(() => {})
    const began = await untilAsked(world, running.log)
    const ended = await world.clock.run(running.ended)
    expect(ended.is).toBe('failed')
    expect(world.clock.now() - began).toBeLessThan(70_000)
    expect(ended.log).toContain('They could not be read: not done after 1 min.')
    expect(running.timers()).toBe(0)
  })

  it('is not waited for when the job is cancelled', async () => {
    const world = sickPair()
    const running = world.start('deploy')
    running.ports.logs.tail = () => new Promise(() => {})
    await untilAsked(world, running.log)
    running.cancel()
    const ended = await world.clock.run(running.ended)
    expect(ended.log.join('\n')).not.toContain('could not be read')
    expect(running.timers()).toBe(0)
  })

  it('is not asked for when no environment is at fault', async () => {
    const world = standingPair()
    publish(world, '1.1.0', 0)
    const ended = await world.run('deploy', { version: '9.9.9' })
    expect(ended).toMatchObject({ is: 'failed', lastWords: undefined })
    expect(asked(world, 'tail')).toEqual([])
  })
})

async function untilAsked(world: World, log: readonly string[]): Promise<number> {
  await until(world, () => log.includes("▸ The end of shop-green's logs"))
  return world.clock.now()
}
