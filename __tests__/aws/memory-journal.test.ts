import { expect, it } from 'vitest'
import { createMemoryJournal } from '../../src/aws/memory-journal.ts'
import { promoted, promoting } from './journal-world.ts'
import { awsWorld, portClock } from './world.ts'

function memory(remembered = '') {
  const world = awsWorld()
  const kept: string[] = []
  const clock = portClock(world.clock)
  const journal = createMemoryJournal({
    clients: world.clients,
    clock: { ...clock, now: () => clock.now() + 3_600_000 },
    holder: { run: 'r', link: undefined, nonce: 'n', ttl: 1, operation: 'deploy', baking: false },
    remembered,
    remember: (body) => kept.push(body),
  })
  return { world, journal, kept }
}

it('a later step of the same job goes on from what was remembered', async () => {
  const main = memory()
  await main.world.run(main.journal.take(0, 'nobody'))
  await main.journal.write(promoting('e-1'))
  const post = memory(main.kept.at(-1))
  expect(promoted(await post.world.run(post.journal.take(0, 'nobody')))).toEqual(['e-1'])
})

it('its time is AWS’s, not the machine’s', async () => {
  const { world, journal } = memory()
  await world.run(journal.take(0, 'nobody'))
  await world.seconds(90)
  expect(Math.abs(journal.serverTime() - world.clock.now())).toBeLessThan(1_000)
})

it('nothing ends it, and nothing is planned for it', async () => {
  const { world, journal } = memory()
  await world.run(journal.take(0, 'nobody'))
  await journal.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: true } }))
  expect(journal.state.holder?.baking).toBe(true)
  await journal.release()
  expect(journal.state.holder).toBeUndefined()
  expect(journal.lost.aborted).toBe(false)
  expect(world.aws.calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity'])
})

it('may be looked at without being taken', async () => {
  const { world, journal, kept } = memory()
  expect((await world.run(journal.peek())).held).toBeUndefined()
  expect(Math.abs(journal.serverTime() - world.clock.now())).toBeLessThan(1_000)
  expect(kept).toEqual([])
})
