import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/deployment/errors.ts'
import type { Outcome } from '../../src/deployment/outcome.ts'
import { publish, publishSkipped, publishThrown } from '../../src/github/publish.ts'
import { actionFile, fakeToolkit } from '../helpers/runner.ts'
import { cancelled, failed, hostile, poisoned, promoted, rolledBack, stuck } from './outcomes.ts'

const published = async (outcome: Outcome, issues?: string) => {
  const { toolkit, seen } = fakeToolkit({})
  await publish(toolkit, outcome, issues)
  return seen
}

describe('what was skipped', () => {
  it('is no failure and not called a success: one warning, the outcome and the summary say why', async () => {
    const { toolkit, seen } = fakeToolkit({})
    await publishSkipped(toolkit, 'a <fork> has no credentials')
    expect(seen).toMatchObject({
      failed: undefined,
      outputs: { outcome: 'skipped' },
      annotations: [{ is: 'warning', says: 'Skipped: a <fork> has no credentials' }],
    })
    expect(seen.summary).toContain('Skipped, not verified')
    expect(seen.summary).not.toContain('<fork>')
  })
})

describe('what is published', () => {
  it('shows lines of a workflow as they are to be pasted, in log and summary', async () => {
    const workflow = 'operation: promote\nversion: "1.1.0"'
    const remedies = [{ why: 'Let it go live:', workflow }]
    const { summary } = await published({ ...promoted, is: 'verified', remedies })
    expect(summary).toContain('   ```yaml\n   operation: promote\n   version: "1.1.0"\n   ```')
    const { failed: says } = await published({ ...failed, remedies })
    expect(says).toContain('Let it go live:\n    operation: promote\n    version: "1.1.0"')
  })

  it('sets every output of action.yml, and no other, however it ended', async () => {
    for (const outcome of [promoted, rolledBack, failed, stuck, cancelled]) {
      const { outputs } = await published(outcome)
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(actionFile.outputs).sort())
    }
  })

  it('tells of a success by outputs and summary, and fails nothing', async () => {
    const seen = await published(promoted)
    expect(seen.failed).toBeUndefined()
    expect(seen.annotations).toEqual([])
    expect(seen.outputs).toEqual({
      outcome: 'promoted',
      'live-environment': 'shop-green',
      'live-version': '1.4.0',
      'standby-environment': 'shop-blue',
      'standby-version': '1.3.9',
      'previous-version': '1.3.9',
      'candidate-url': 'http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com',
      'production-url': 'https://shop.example.com/health',
      'tests-passed': 'true',
      'downtime-seconds': '0.0',
      'error-rate': '0.00',
      'deploy-seconds': '278.0',
      'switch-seconds': '6.2',
      'rollback-seconds': '',
    })
    expect(seen.summary).toContain('✅ Promoted')
  })

  it('measures downtime in seconds and errors in per cent', async () => {
    const { outputs } = await published(rolledBack)
    expect(outputs).toMatchObject({
      'downtime-seconds': '9.4',
      'error-rate': '8.25',
      'rollback-seconds': '8.1',
    })
  })

  it('leaves empty what is not known', async () => {
    const { outputs } = await published(cancelled)
    expect(outputs).toMatchObject({ 'live-environment': '', 'downtime-seconds': '', 'error-rate': '' })
    expect((await published({ ...failed, testsPassed: undefined })).outputs['tests-passed']).toBe('')
  })

  it('makes one annotation of a failure: what happened, what serves, what was undone, what to do', async () => {
    const seen = await published(rolledBack)
    expect(seen.annotations).toHaveLength(1)
    expect(seen.failed).toBe(
      [
        'rolled-back: production address: production (https://shop.example.com/health): status 500',
        'Serves production now: shop-blue (e-blue000001), version 1.3.9',
        'Undone:',
        '  - production (shop.eu-west-1.elasticbeanstalk.com) went back to e-blue000001, running 1.3.9',
        '  - Auto Scaling group awseb-green may shrink to 1 instances again',
        'To do:',
        "  - Read the instances' own logs:",
        '    aws elasticbeanstalk retrieve-environment-info --info-type tail --environment-name shop-green',
      ].join('\n'),
    )
    expect(seen.log.join('\n')).toContain(seen.failed)
  })

  it('says when it could not be read what serves production', async () => {
    expect((await published(cancelled)).failed).toContain('Serves production now: not known')
  })

  it('says who serves production when that was read and is neither of the two', async () => {
    const elsewhere = 'store (e-store, 7), which is not one of these two environments'
    const seen = await published({ ...cancelled, elsewhere })
    expect(seen.failed).toContain(`Serves production now: ${elsewhere}`)
    expect(seen.summary).toContain('**Production now:** store (e-store, 7), which is not')
    const late = await published({ ...cancelled, elsewhere: 'neither', lastSeen: rolledBack.live })
    for (const text of [late.failed, late.summary])
      expect(text).toMatch(/neither; when last seen, \S*shop-blue/)
  })

  it('shows the stack of a mistake of ours, and where to report it, and of no other', async () => {
    const seen = await published(
      { ...failed, bug: new TypeError('x is undefined') },
      'https://git.test/issues',
    )
    const log = seen.log.join('\n')
    expect(log).toMatch(/TypeError: x is undefined\n {4}at /)
    expect(log).toContain('report it with the lines above at https://git.test/issues')
    expect((await published(failed)).log.join('\n')).not.toMatch(/\n {4}at /)
  })

  it('passes no command on from outside', async () => {
    const seen = await published(poisoned(stuck))
    for (const line of [...seen.log, ...seen.annotations.map(({ says }) => says)])
      expect(line).not.toMatch(/^\s*::|##\[/m)
  })

  it('ends as it would when the summary cannot be written', async () => {
    const { toolkit, seen } = fakeToolkit({})
    const writeSummary = async () => {
      throw new Error('ENOSPC')
    }
    await publish({ ...toolkit, writeSummary }, promoted)
    expect(seen.failed).toBeUndefined()
    expect(seen.log.join('\n')).toContain('The summary could not be written: ENOSPC')
  })
})

describe('what is published of failed tests', () => {
  const testResults = {
    passed: 1,
    failed: 30,
    skipped: 0,
    took: 1_000,
    suites: [{ name: hostile, passed: 1, failed: 30, skipped: 0, took: 1_000 }],
    failures: Array.from({ length: 30 }, (_, index) => ({
      suite: 'shop',
      name: `test ${index}`,
      message: index === 1 ? '' : hostile,
      file: index === 2 ? undefined : 'tests/a.py',
      line: index === 3 ? undefined : 7,
    })),
    complaints: [],
  }

  it('is nine annotations at their places, since GitHub shows ten, and the ending', async () => {
    const { annotations } = await published({ ...failed, testResults })
    expect(annotations).toHaveLength(10)
    expect(annotations.slice(0, 4).map(({ at }) => at)).toEqual([
      { title: 'shop: test 0', file: 'tests/a.py', startLine: 7 },
      { title: 'shop: test 1', file: 'tests/a.py', startLine: 7 },
      { title: 'shop: test 2' },
      { title: 'shop: test 3', file: 'tests/a.py', startLine: 1 },
    ])
    for (const { says } of annotations) expect(says).not.toMatch(/^\s*::|##\[/m)
  })

  it('is a table and the first failures in the summary', async () => {
    const { summary } = await published({ ...failed, testResults })
    expect(summary).toContain('### What the tests say')
    expect(summary).toContain('| **all** | 1 | **30** | 0 | 1 s |')
    expect(summary).toContain('And 10 more, see the log.')
    expect(summary.replace(/^( *`{3,})\w*\n[\s\S]*?\n\1$/gm, '')).not.toContain('<script')
  })

  it('is no annotation when the command said that all is well', async () => {
    expect((await published({ ...promoted, testResults })).annotations).toEqual([])
  })

  it('is nothing when the reports said nothing', async () => {
    const none = { ...testResults, passed: 0, failed: 0, suites: [], failures: [] }
    expect((await published({ ...promoted, testResults: none })).summary).not.toContain('What the tests say')
  })
})

describe('what is published of something thrown', () => {
  it('is words for a mistake of the user’s', async () => {
    const { toolkit, seen } = fakeToolkit({})
    await publishThrown(toolkit, new Failure('`version` is missing.', [{ why: 'Give it.' }]))
    expect(seen.failed).toBe('`version` is missing.\nTo do:\n  - Give it.')
    expect(seen.outputs.outcome).toBe('failed')
    expect(seen.log.join('\n')).not.toContain('    at ')
  })

  it('is in the summary too, where a value from outside is no markup', async () => {
    const { toolkit, seen } = fakeToolkit({})
    await publishThrown(
      toolkit,
      new Failure('2 inputs are wrong.\n- `version` is "<b>": no.\n- `shell`: no.'),
    )
    expect(seen.summary).toBe(
      '## ❌ Failed\n\n2 inputs are wrong.\n\n- <code>version</code> is "&#60;b&#62;": no.\n- <code>shell</code>: no.\n\nAWS was not called.\n',
    )
  })

  it('is a stack for a mistake of ours', async () => {
    const { toolkit, seen } = fakeToolkit({})
    await publishThrown(toolkit, new TypeError('x is undefined'))
    expect(seen.failed).toBe('x is undefined')
    expect(seen.log.join('\n')).toMatch(/TypeError: x is undefined\n {4}at /)
  })
})
