import { describe, expect, it } from 'vitest'
import { disturb, momentsOf, stories } from './stories.ts'
import { isChange } from './world.ts'

describe.each(stories)('$name', (story) => {
  it('sends nothing more once its lock is lost, whenever that is', async () => {
    const moments = await momentsOf(story)
    const broken: string[] = []
    for (let at = 0; at < moments; at++) {
      let from = Number.POSITIVE_INFINITY
      const { world, running, call } = await disturb(
        story,
        { at, when: 'answered' },
        ({ journal }, { wire }) => {
          journal.lose()
          if (journal.lost.aborted) from = wire.calls.length
        },
      )
      const after = world.wire.calls.slice(from).filter((one) => one.by === running.ports.journal.run)
      for (const one of after.filter(isChange)) broken.push(`${one.name} after ${call.name} (${at})`)
    }
    expect(moments).toBeGreaterThan(15)
    expect(broken).toEqual([])
  })

  it('sends nothing more once it is cancelled, whenever that is', async () => {
    const moments = await momentsOf(story)
    const broken: string[] = []
    for (let at = 0; at < moments; at++) {
      let from = 0
      const { world, running, call } = await disturb(
        story,
        { at, when: 'answered' },
        ({ cancel }, { wire }) => {
          cancel()
          from = wire.calls.length
        },
      )
      const after = world.wire.calls.slice(from).filter((one) => one.by === running.ports.journal.run)
      for (const one of after.filter(isChange)) broken.push(`${one.name} after ${call.name} (${at})`)
    }
    expect(broken).toEqual([])
  })
})
