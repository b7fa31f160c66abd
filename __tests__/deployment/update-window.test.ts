import { expect, it } from 'vitest'
import { freeFrom, windowAfter } from '../../src/deployment/update-window.ts'

const at = (text: string) => Date.parse(`${text}:00Z`)
const hours = (count: number) => count * 3_600_000

it.each([
  ['before it', '2026-01-03T12:00', '2026-01-04T03:00'],
  ['as it opens', '2026-01-04T03:00', '2026-01-04T03:00'],
  ['while it is open', '2026-01-04T04:59', '2026-01-04T03:00'],
  ['as it closes', '2026-01-04T05:00', '2026-01-11T03:00'],
  ['across the years', '2025-12-29T00:00', '2026-01-04T03:00'],
])('a weekly window, seen %s', (_, now, from) => {
  expect(windowAfter('Sun:03:00', at(now))).toEqual({ from: at(from), until: at(from) + hours(2) })
})

it('a window may go on over midnight, and over the end of the week', () => {
  expect(windowAfter('Sat:23:30', at('2026-01-04T00:30'))?.from).toBe(at('2026-01-03T23:30'))
})

it.each(['', 'Sunday', 'Son:03:00', 'Sun:3:00'])('%j is no window', (start) => {
  expect(windowAfter(start, 0)).toBeUndefined()
})

it('what takes longer than there is until the window begins after it', () => {
  const now = at('2026-01-04T02:00')
  expect(freeFrom(['Sun:03:00'], now, hours(1))).toBe(now)
  expect(freeFrom(['Sun:03:00'], now, hours(1.1))).toBe(at('2026-01-04T05:00'))
})

it('between two windows there has to be time enough', () => {
  const now = at('2026-01-04T04:00')
  expect(freeFrom(['Sun:03:00', 'Sun:06:00'], now, hours(1))).toBe(at('2026-01-04T05:00'))
  expect(freeFrom(['Sun:06:00', 'Sun:03:00'], now, hours(1.1))).toBe(at('2026-01-04T08:00'))
})

it('what takes a week never fits', () => {
  expect(freeFrom(['Sun:03:00'], at('2026-01-04T04:00'), hours(24 * 7))).toBeUndefined()
})

it('without a window there is always time', () => {
  expect(freeFrom(['never'], 7, hours(1))).toBe(7)
})
