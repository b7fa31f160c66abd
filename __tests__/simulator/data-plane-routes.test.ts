import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realClock } from '../../simulator/clock.ts'
import type { AppRequest, DataPlane } from '../../simulator/data-plane/data-plane.ts'
import { type Decision, plainHttp } from '../../simulator/data-plane/listeners.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { createProcesses } from '../../simulator/data-plane/processes.ts'
import { targetOfTurn } from '../../simulator/data-plane/targets.ts'

let workDirectory: string
let plane: DataPlane

beforeEach(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'routes-'))
})

afterEach(async () => {
  await plane.close()
  await rm(workDirectory, { recursive: true, force: true })
})

const start = (instance: string, environment: string) =>
  plane.start({
    instance,
    environment,
    bundle: { version: 'Sample Application', content: undefined },
    variables: {},
  })

const statusOf = async (address: string, host: string) =>
  (await plane.request(address, { method: 'GET', host, path: '/' })).status

describe.each(['modelled', 'real'])('a data plane of %s applications', (kind) => {
  beforeEach(() => {
    const clock = realClock({ speed: 1 })
    plane = kind === 'real' ? createProcesses({ clock, workDirectory }) : createModelledApps(clock)
  })

  it('sends requests for several environments through one front, and 404 for the rest', async () => {
    const decide = ({ host }: AppRequest): Decision => {
      const environment = /^(blue|green)\.test$/.exec(host)?.[1]
      if (environment) return { is: 'environment', environment, cookies: [] }
      return { is: 'answer', response: { status: 404, headers: {}, body: '' } }
    }
    const [address = ''] = await plane.openFront('shared', {
      listeners: [{ ...plainHttp, decide }],
    })
    await start('i-1', 'blue')
    plane.setTargets('blue', ['i-1'])
    expect(await statusOf(address, 'blue.test')).toBe(200)
    expect(await statusOf(address, 'green.test')).toBe(503)
    expect(await statusOf(address, 'nobody.test')).toBe(404)
    expect([plane.traffic('blue').requests, plane.traffic('green').requests]).toEqual([1, 0])
  })

  it('does what whoever decides about a listener says, and sets its cookies', async () => {
    const decisions: Decision[] = [
      { is: 'answer', response: { status: 418, headers: { 'x-tea': 'yes' }, body: 'tea' } },
      { is: 'instance', instance: 'i-1', environment: 'blue', cookies: ['a=1; Path=/', 'b=2'] },
      { is: 'environment', environment: 'green', cookies: [] },
    ]
    const seen: string[] = []
    const decide = ({ method, host, path, headers = {} }: AppRequest): Decision => {
      seen.push([method, host, path, headers['x-who'] ?? headers['X-Who']].join(' '))
      return decisions.shift() as Decision
    }
    const [address = ''] = await plane.openFront('shared', { listeners: [{ ...plainHttp, decide }] })
    await start('i-1', 'blue')
    const ask = () =>
      plane.request(address, { method: 'GET', host: 'shop.test', path: '/a?b', headers: { 'X-Who': 'me' } })
    expect(await ask()).toMatchObject({ status: 418, headers: { 'x-tea': 'yes' }, body: 'tea' })
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toMatch(/^a=1; Path=\/,\s?b=2$/)
    expect(await ask()).toMatchObject({ status: 503 })
    expect(seen[0]?.toLowerCase()).toBe('get shop.test /a?b me')
    expect(plane.traffic('blue').requests).toBe(1)
  })

  it('counts what each instance answers, and gives a split its share', async () => {
    const [address = ''] = await plane.openFront('blue')
    await Promise.all([start('i-1', 'blue'), start('i-2', 'blue')])
    plane.setTargets('blue', ['i-1'], { percent: 25, instances: ['i-2'] })
    for (let one = 0; one < 8; one++) await statusOf(address, 'blue.test')
    expect([plane.trafficOf('i-1').requests, plane.trafficOf('i-2').requests]).toEqual([6, 2])
  })

  it('has nothing on an instance whose application crashed, until the next deployment', async () => {
    const [address = ''] = await plane.openFront('blue')
    await start('i-1', 'blue')
    plane.setTargets('blue', ['i-1'])
    await plane.crash('i-1')
    await plane.crash('nobody')
    expect(await statusOf(address, 'blue.test')).toBe(502)
    expect(await plane.check('i-1', '/')).toBeUndefined()
    await start('i-1', 'blue')
    expect(await statusOf(address, 'blue.test')).toBe(200)
  })
})

describe('turns', () => {
  it('take all instances of both sides, and all of one when the other has none', () => {
    plane = createModelledApps(realClock({ speed: 1 }))
    const turns = (targets: Parameters<typeof targetOfTurn>[0]) =>
      Array.from({ length: 8 }, (_, turn) => targetOfTurn(targets, turn))
    expect(turns({ instances: ['a', 'b'], split: { percent: 50, instances: ['x', 'y'] } })).toEqual([
      'a',
      'x',
      'b',
      'y',
      'a',
      'x',
      'b',
      'y',
    ])
    expect(new Set(turns({ instances: [], split: { percent: 10, instances: ['x'] } }))).toEqual(
      new Set(['x']),
    )
    expect(new Set(turns({ instances: ['a'], split: { percent: 90, instances: [] } }))).toEqual(
      new Set(['a']),
    )
    expect(turns({ instances: [] })[0]).toBeUndefined()
  })
})
