import { expect, it } from 'vitest'
import type { PairReport } from '../../src/deployment/pair-report.ts'
import { summaryOf } from '../../src/github/summary.ts'
import { hostile, poisoned, promoted } from './outcomes.ts'

const remedy = { why: hostile, command: `echo '${hostile}'\n\`\`\`\`\n# heading` }

const report: PairReport = {
  members: [
    {
      name: hostile,
      role: 'live',
      now: {
        id: hostile,
        name: hostile,
        status: hostile as 'Ready',
        health: hostile as 'Ok',
        cname: hostile,
        endpoint: hostile,
        version: hostile,
        tier: 'WebServer',
        description: hostile,
        updated: 0,
        platform: hostile,
      },
    },
    { name: hostile, role: undefined, now: undefined },
  ],
  witnesses: [{ name: hostile, says: hostile, is: 'against' }],
  sideBySide: hostile,
  lock: [hostile],
  journal: [hostile],
  wayBack: { is: 'unknown', says: hostile },
  obstacles: [{ what: hostile, mend: remedy }],
  unread: [{ what: hostile, mends: [remedy] }],
  notLookedAt: [remedy],
}

const reported = { ...poisoned(promoted), is: 'reported' as const, operation: 'status' as const }

/** What is left of a summary without blocks of code, and without our own markup. */
const outsideOfCode = (text: string): string =>
  text.replace(/^ *(`{3,})\w*\n[\s\S]*?\n *\1$/gm, '').replace(/<\/?code>|<br>|&#\d+;/g, '')

it('text from outside is harmless in what status tells', () => {
  const text = outsideOfCode(
    summaryOf({
      ...reported,
      pair: report,
      workflows: [{ path: 'deploy.yml', text: `${hostile}\n\`\`\`\n# heading` }],
    }),
  )
  expect(text).not.toMatch(/[<>@$~\\[\]`]|:\/\/|www\.|# heading/)
  for (const row of text.split('\n').filter((line) => line.startsWith('|')))
    expect([4, 8]).toContain(row.split('|').length - 1)
})

it('text from outside is harmless in a plan', () => {
  const steps = [hostile, `call Deploy: ${hostile}`, `call Deploy\n${hostile}`]
  const plan = [
    { title: hostile, steps },
    { title: 'Nothing', steps: [] },
  ]
  const text = outsideOfCode(summaryOf({ ...reported, stages: [], operation: 'deploy', plan }))
  expect(text).not.toMatch(/[<>@$~\\[\]`]|:\/\/|www\.|# heading/)
  for (const row of text.split('\n').filter((line) => line.startsWith('|')))
    expect(row.split('|').length - 1).toBe(4)
  expect(text).toContain('only look')
})

it('a plan of very many steps is cut, and says so', () => {
  const plan = [{ title: 'Plan', steps: Array.from({ length: 500 }, (_, at) => `step ${at}`) }]
  const text = summaryOf({ ...reported, operation: 'deploy', plan })
  expect(text).toContain('and 400 more, see the log')
})
