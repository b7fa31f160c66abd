import { expect, it } from 'vitest'
import { Unreachable } from '../../src/deployment/errors.ts'
import { type Gate, type GateVerdict, hold } from '../../src/deployment/hold.ts'
import { standingPair } from './world.ts'

const minute = 60_000
const holding = { for: 2 * minute, every: 10_000, threshold: 3, grace: minute }

/** Holds gates that look like this by the time since it began. */
async function held(...looks: ((at: number) => GateVerdict['is'])[]) {
  const world = standingPair()
  const bare = await world.bare()
  const began = world.clock.now()
  const gates = looks.map((look, index): Gate => {
    const name = `gate ${index + 1}`
    return {
      name,
      look: async () => ({ is: look(world.clock.now() - began), saw: `at ${world.clock.now() - began}` }),
    }
  })
  const failed = await bare.drive((run) => hold(run, { ...holding, gates }))
  return { failed, took: world.clock.now() - began, log: bare.log }
}

const well = () => 'pass' as const

it('gates that pass all the time hold exactly as long as they must', async () => {
  const { failed, took } = await held(well, well)
  expect(failed).toBeUndefined()
  expect(took).toBe(2 * minute)
})

it('a gate that fails as often in a row as the threshold says is named, with what was seen', async () => {
  const { failed, took, log } = await held(well, (at) => (at >= 30_000 ? 'fail' : 'pass'))
  expect(failed).toBe('gate 2: at 50000')
  expect(took).toBe(50_000)
  expect(log).toContain('gate 2 failed (2 of 3 in a row): at 40000')
})

it('failures with a pass in between are not in a row', async () => {
  const { failed } = await held((at) => ((at / 10_000) % 3 === 2 || at >= 2 * minute ? 'pass' : 'fail'))
  expect(failed).toBeUndefined()
})

it('a look that saw nothing neither ends a row of failures nor is one', async () => {
  const looks = ['fail', 'unreadable', 'fail', 'waiting', 'fail'] as const
  const { failed, took } = await held((at) => looks[at / 10_000] ?? 'pass')
  expect(failed).toBe('gate 1: at 40000')
  expect(took).toBe(40_000)
})

it('a doomed gate fails at once', async () => {
  const { failed, took } = await held(well, (at) => (at >= 20_000 ? 'doomed' : 'pass'))
  expect(failed).toBe('gate 2: at 20000')
  expect(took).toBe(20_000)
})

it('a gate that is unreadable in the end gets a while longer to become readable', async () => {
  const { failed, took } = await held(well, (at) => (at >= minute && at < 150_000 ? 'unreadable' : 'pass'))
  expect(failed).toBeUndefined()
  expect(took).toBe(150_000)
})

it('a gate that stays unreadable fails in the end: nothing was proven', async () => {
  const { failed, took } = await held(well, (at) => (at >= minute ? 'unreadable' : 'pass'))
  expect(failed).toBe('gate 2: at 180000')
  expect(took).toBe(3 * minute)
})

it('all that is open in the end is named', async () => {
  const { failed } = await held(
    () => 'unreadable',
    () => 'waiting',
    well,
  )
  expect(failed).toBe('gate 1: at 180000; gate 2: at 180000')
})

it('the log has one line per change of what the gates say', async () => {
  const { log } = await held((at) => (at < 30_000 ? 'waiting' : 'pass'))
  expect(log).toEqual(['gate 1 waiting (0 s of 2 min)', 'gate 1 pass (30 s of 2 min)'])
})

it('a look that throws says nothing about its gate', async () => {
  const { failed, took } = await held(well, (at) => {
    if (at < minute) throw new Unreachable('no route')
    return 'pass'
  })
  expect(failed).toBeUndefined()
  expect(took).toBe(2 * minute)
})

it.each(['cancel', 'lose'] as const)(
  'a look that throws because nothing may go on ends the watch (%s)',
  async (how) => {
    const world = standingPair()
    const { drive, cancel, journal } = await world.bare()
    const look = async (): Promise<GateVerdict> => {
      if (how === 'cancel') cancel()
      else journal.lose()
      throw new Error('the request was aborted')
    }
    const began = world.clock.now()

    await expect(drive((run) => hold(run, { ...holding, gates: [{ name: 'gate', look }] }))).rejects.toThrow(
      'aborted',
    )

    expect(world.clock.now()).toBe(began)
  },
)

it('what was seen enough before, and cannot be read in the end, is no failure', async () => {
  const world = standingPair()
  const bare = await world.bare()
  const gates: Gate[] = [
    { name: 'blind', look: async () => ({ is: 'unreadable', saw: 'nothing', hasSeenEnough: true }) },
  ]

  expect(await bare.drive((run) => hold(run, { ...holding, gates }))).toBeUndefined()
})
