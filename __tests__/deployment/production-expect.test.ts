import { describe, expect, it } from 'vitest'
import { expectationGate } from '../../src/deployment/expectation-gate.ts'
import type { Answer, Probe } from '../../src/deployment/ports.ts'
import { seeVersion } from '../../src/deployment/see-version.ts'
import type { Expectation } from '../../src/deployment/settings.ts'
import { production, promotedPair, type Running, standingPair, type World } from './world.ts'

const productionExpect: Expectation = { in: 'header', name: 'x-version', value: '{version}' }
const settings = { productionExpect, bakeTime: 60_000 }

/** What production itself answers is another matter than what the environment does: a cache is in front of it. */
function cached(running: Running, change: (answer: Answer, url: string) => Answer): Running {
  const { probe } = running.ports
  const ask = probe.ask
  probe.ask = async (...[url, signal, at]: Parameters<Probe['ask']>) => {
    const answer = await ask(url, signal, at)
    return at === undefined && new URL(url).hostname === production ? change(answer, url) : answer
  }
  return running
}

const withVersion = (answer: Answer, version: string | undefined): Answer =>
  answer.is === 'no answer' ? answer : { ...answer, headers: version ? { 'x-version': version } : {} }

const ended = (world: World, running: Running) => world.clock.run(running.ended)

describe('production-expect', () => {
  it('is proven before the switch, seen after it, and told as the proof', async () => {
    const world = standingPair()
    const seen = await world.run('deploy', settings)
    expect(seen).toMatchObject({
      is: 'promoted',
      proof: 'production shows 1.1.0 (its header x-version is “1.1.0”)',
    })
    expect(seen.log.join('\n')).toContain(
      'production shows 1.0.0, as `production-expect` says: its header x-version is “1.0.0”',
    )
  })

  it('keeps production where it is when the candidate does not show its version', async () => {
    const world = standingPair()
    world.aws.behaviours.set('1.1.0', { shows: '1.0.9' })
    const seen = await world.run('deploy', settings)
    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(
      'it does not show 1.1.0 at /health, as `production-expect` says: its header x-version is “1.0.9”, not “1.1.0”',
    )
    expect(world.changes()).not.toContain('swap')
  })

  it('is enough when the candidate shows it under production’s own name', async () => {
    const world = standingPair()
    const named: Answer = { is: 'answer', status: 200, took: 5, headers: { 'x-version': '1.1.0' } }
    world.aws.behaviours.set('1.1.0', { shows: 'by its own name none' })
    world.aws.behaviours.set('1.0.0', { shows: 'none' })
    world.aws.aliases.set('shop.example.com', production)
    Object.assign(world.aws.member('shop-green'), { underName: { 'shop.example.com': named } })
    const productionUrl = 'https://shop.example.com/health'
    expect((await world.run('deploy', { ...settings, productionUrl })).is).toBe('promoted')
  })

  it('brings production back when it goes on showing the old version, once no cache may', async () => {
    const world = standingPair()
    const seen = await ended(
      world,
      cached(world.start('deploy', settings), (answer) => withVersion(answer, '1.0.0')),
    )
    expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue' } })
    expect(seen.says).toContain(
      'production shows the new version: its header x-version is “1.0.0”, not “1.1.0”',
    )
    const bake = seen.stages.find(({ title }) => title === 'Bake')
    expect(bake?.took).toBeGreaterThan(3 * 75_000)
  })

  it('concludes nothing from an answer that is none', async () => {
    const world = standingPair()
    let asked = 0
    const running = cached(world.start('deploy', settings), (answer) => {
      asked += 1
      return asked % 10 > 5 ? { is: 'no answer', why: 'timed out' } : answer
    })
    const { log } = await ended(world, running)
    expect(log.join('\n')).toContain('production shows the new version unreadable')
  })

  it('is refused at once when live shows it, and production does not', async () => {
    const world = standingPair()
    const running = cached(world.start('deploy', settings), (answer) => withVersion(answer, undefined))
    const seen = await ended(world, running)
    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
    expect(seen.says).toContain('does not show that shop-blue (e-blue, 1.0.0) serves it')
    expect(seen.remedies[0]?.command).toBe(`curl -si http://${production}/health`)
    expect(world.changes()).toEqual([])
  })

  it('does not count where the version before does not show itself, and production never does', async () => {
    const world = standingPair()
    world.aws.behaviours.set('1.0.0', { shows: 'nothing' })
    const running = cached(world.start('deploy', settings), (answer) => withVersion(answer, undefined))
    const seen = await ended(world, running)
    expect(seen.is).toBe('promoted')
    expect(seen.warnings.join('\n')).toContain('Production does not show 1.0.0 now')
    expect(seen.warnings.filter((one) => one.startsWith('Production does not show 1.1.0'))).toHaveLength(1)
    expect(seen.proof).toContain('resolves to its own addresses')
  })

  it('is the proof where the new version is the first that shows itself', async () => {
    const world = standingPair()
    world.aws.behaviours.set('1.0.0', { shows: 'nothing' })
    const seen = await world.run('deploy', settings)
    expect(seen).toMatchObject({ is: 'promoted', proof: expect.stringContaining('production shows 1.1.0') })
  })

  it('is no reason to refuse where live’s own address is not known, or production moved a moment ago', async () => {
    const blind = standingPair()
    blind.aws.member('shop-blue').endpoint = undefined
    blind.aws.behaviours.set('1.0.0', { shows: 'nothing' })
    expect((await blind.run('deploy', settings)).is).toBe('promoted')

    const moved = standingPair()
    await moved.run('deploy', settings)
    moved.aws.versions.set('1.2.0', {
      label: '1.2.0',
      state: 'deployable',
      created: moved.clock.now(),
      digest: undefined,
    })
    const again = cached(moved.start('deploy', { ...settings, version: '1.2.0' }), (answer) =>
      moved.live() === 'shop-green' ? withVersion(answer, '1.0.0') : answer,
    )
    expect((await ended(moved, again)).says).not.toContain('does not show that')
  })

  it('is only warned of by a verification, which moves nothing', async () => {
    const world = standingPair()
    const running = cached(world.start('verify', settings), (answer) => withVersion(answer, undefined))
    const seen = await ended(world, running)
    expect(seen.is).toBe('verified')
    expect(seen.warnings.join('\n')).toContain('Production does not show 1.0.0 now')
  })

  it('is not looked for where production is not seen', async () => {
    const world = standingPair()
    world.canSee = () => false
    const seen = await world.run('deploy', settings)
    expect(seen).toMatchObject({ is: 'promoted', proof: expect.stringContaining('Beanstalk’s'.slice(0, 9)) })
  })

  it('is that of the version gone back to, after a rollback', async () => {
    const world = await promotedPair(settings)
    const seen = await world.run('rollback', settings)
    expect(seen).toMatchObject({
      is: 'restored',
      proof: 'production shows 1.0.0 (its header x-version is “1.0.0”)',
    })
  })

  it('undoes no rollback: what production does not show yet is a warning', async () => {
    const world = await promotedPair(settings)
    const running = cached(world.start('rollback', settings), (answer) => withVersion(answer, '1.1.0'))
    const seen = await ended(world, running)
    expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
    expect(seen.warnings.join('\n')).toContain(
      'Production went back, but waited 1 min 15 s until production shows 1.0.0, and saw last: its header x-version is “1.1.0”, not “1.0.0”.',
    )
    expect(seen.proof).toContain("Beanstalk's own answer")
  })

  it('is not waited for by a rollback that is cancelled meanwhile', async () => {
    const world = await promotedPair(settings)
    const running = cached(world.start('rollback', settings), (answer) => withVersion(answer, '1.1.0'))
    world.wire.upon('release', () => {})
    world.clock.at(world.clock.now() + 40_000, running.cancel)
    const seen = await ended(world, running)
    expect(seen.warnings.join('\n')).not.toContain('Production went back, but')
    expect(world.live()).toBe('shop-blue')
  })

  it('is as it should be in a dry run', async () => {
    const world = standingPair()
    const seen = await world.run('deploy', { ...settings, dryRun: true })
    expect(seen.says).toContain('would end `promoted`')
  })
})

describe('what production shows', () => {
  const none = { is: 'unreadable', saw: 'production was not asked yet', unanswered: false } as const
  const nothing = { requests: 0, failures: 0 }
  const silent: Answer = { is: 'answer', status: 200, took: 5 }

  it('is warned of once when it does not count', async () => {
    const { run, warnings } = await standingPair().bare()
    const gate = expectationGate(run, {
      watch: {
        last: () => ({ ...none, answer: silent }),
        since: () => nothing,
        stop: async () => ({}) as never,
      },
      expectation: productionExpect,
      version: '1.1.0',
      environment: 'e-green',
      from: run.ports.clock.now() - 2_000,
      dueAfter: 1_000,
      isSure: false,
    })
    for (let look = 0; look < 3; look++) expect((await gate.look()).is).toBe('pass')
    expect(warnings).toHaveLength(1)
  })

  it('is waited for when production was not asked yet', async () => {
    const { run, drive } = await standingPair().bare(settings)
    let looks = 0
    run.record.watch = {
      last: () => {
        looks += 1
        return looks < 3 ? none : { ...none, answer: withVersion(silent, '1.0.0') }
      },
      since: () => nothing,
      stop: async () => ({}) as never,
    }
    const seen = await drive((it) =>
      seeVersion(it, { environment: 'e-blue', version: '1.0.0', within: 60_000 }),
    )
    expect(seen?.environment).toBe('e-blue')
  })
})
