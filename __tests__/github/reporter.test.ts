import { describe, expect, it } from 'vitest'
import { createReport } from '../../src/github/reporter.ts'
import type { Toolkit } from '../../src/world.ts'

describe('the report in the log', () => {
  const begin = () => {
    const said: string[] = []
    let now = 0
    const toolkit = {
      info: (message: string) => said.push(message),
      warning: (message: string) => said.push(`WARNING ${message}`),
      startGroup: (title: string) => said.push(`▸ ${title}`),
      endGroup: () => said.push('◂'),
    } as unknown as Toolkit
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms
      },
    }
    return { said, clock, report: createReport(toolkit, clock) }
  }

  it('has a group for each stage, with its lines and at its end its time', async () => {
    const { said, clock, report } = begin()
    const result = await report.group('Plan', async () => {
      report.line('live: shop-blue')
      await clock.sleep(65_000)
      return 7
    })
    expect(result).toBe(7)
    expect(said).toEqual(['▸ Plan', '  live: shop-blue', '  took 1 min 5 s', '◂'])
  })

  it('ends the group of a stage that fails, and says so', async () => {
    const { said, report } = begin()
    const work = async () => {
      throw new Error('no')
    }
    await expect(report.group('Plan', work)).rejects.toThrow('no')
    expect(said).toEqual(['▸ Plan', '  failed after 0 s', '◂'])
  })

  it('has no group inside a group', async () => {
    const { said, report } = begin()
    await report.group('outer', () => report.group('inner', async () => report.line('text')))
    expect(said).toEqual(['▸ outer', '  inner', '    text', '    took 0 s', '  took 0 s', '◂'])
  })

  it('makes one annotation of a warning', () => {
    const { said, report } = begin()
    report.warn('the way back is closed')
    expect(said).toEqual(['WARNING the way back is closed'])
  })

  it('passes no command on, in a line or a title or after a line break', async () => {
    const { said, report } = begin()
    await report.group('::error::title', async () => report.line('a\n::error::b\n##[c]'))
    expect(said).toEqual(['▸ : :error::title', '  a', '  : :error::b', '  # #[c]', '  took 0 s', '◂'])
  })
})
