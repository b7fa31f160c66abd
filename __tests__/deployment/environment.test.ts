import { expect, it } from 'vitest'
import { sentence } from '../../src/deployment/effects.ts'
import { describe, type Health, isAtLeast, isEnding, worseOf } from '../../src/deployment/environment.ts'
import { messageOf } from '../../src/deployment/errors.ts'
import { isSame, wholeOf } from '../../src/deployment/move-traffic.ts'
import { standingPair } from './world.ts'

it.each<[Health, Health, Health]>([
  ['Ok', 'Warning', 'Warning'],
  ['Degraded', 'Ok', 'Degraded'],
  ['Severe', 'Degraded', 'Severe'],
  ['unknown', 'Warning', 'Warning'],
  ['Warning', 'unknown', 'Warning'],
  ['Ok', 'Ok', 'Ok'],
])('of %s and %s the worse is %s: an unknown health says nothing', (one, other, worse) => {
  expect(worseOf(one, other)).toBe(worse)
})

it('unknown health is never good enough', () => {
  for (const minimum of ['Ok', 'Warning', 'Degraded', 'Severe'] as const)
    expect(isAtLeast('unknown', minimum)).toBe(false)
  expect(isAtLeast('Severe', 'Severe')).toBe(true)
  expect(isAtLeast('Warning', 'Ok')).toBe(false)
})

it('an environment without a version is described as such', () => {
  expect(describe({ id: 'e-1', name: 'shop', version: undefined })).toBe('shop (e-1, no version)')
})

it('what is terminating is ending, what is updating is not', () => {
  const { aws } = standingPair()
  const seen = aws.seen(aws.member('shop-green'))
  expect(isEnding({ ...seen, status: 'Terminating' })).toBe(true)
  expect(isEnding({ ...seen, status: 'Terminated' })).toBe(true)
  expect(isEnding({ ...seen, status: 'Updating' })).toBe(false)
})

it('every effect can say itself', () => {
  const { aws } = standingPair()
  const route = { share: { [aws.member('shop-blue').id]: 100 }, exact: {} }
  const move = {
    from: 'e-blue',
    to: 'e-green',
    fromVersion: '1',
    toVersion: '2',
    before: route,
    after: route,
  }
  const effects = [
    sentence({ what: 'route', way: 'undo', ...move, productionName: 'shop.example', at: 0, until: 0 }),
    sentence({ what: 'create-environment', way: 'undo', name: 'g', nonce: 'n', onFailure: 'keep' }),
    sentence({ what: 'create-template', way: 'undo', name: 't' }),
    sentence({ what: 'terminate', way: 'finish', environment: 'e-1', name: 'g' }),
    sentence({
      what: 'hold-capacity',
      way: 'undo',
      environment: 'e-1',
      group: 'asg',
      before: { min: 1, max: 4 },
      after: { min: 3, max: 4 },
    }),
  ]
  expect(effects).toEqual([
    'production (shop.example) moves from e-blue to e-green',
    'environment g is created',
    'saved configuration t is created for the moment',
    'environment g (e-1) is terminated',
    'Auto Scaling group asg keeps at least 3 instances (before: 1)',
  ])
})

it('routes are the same when everybody gets the same share, named or not', () => {
  const of = (share: Record<string, number>) => ({ share, exact: undefined })
  expect(isSame(of({ a: 100 }), of({ a: 100, b: 0 }))).toBe(true)
  expect(isSame(of({ a: 100, b: 0 }), of({ a: 100 }))).toBe(true)
  expect(isSame(of({ a: 100 }), of({ b: 100 }))).toBe(false)
  expect(isSame(of({ a: 100 }), of({}))).toBe(false)
  expect(wholeOf(of({ a: 50, b: 50 }))).toBeUndefined()
})

it('what is thrown without being an error is said as it is', () => {
  expect(messageOf('no')).toBe('no')
})
