import { mkdir, mkdtemp, realpath, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tests } from '../../src/deployment/ports.ts'
import { withReports } from '../../src/system/test-reports.ts'

let folder = ''

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'reports-')))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const suite = (name: string, file = 'tests/a.py') =>
  `<testsuite name="${name}"><testcase name="good"/><testcase name="bad" file="${file}" line="3"><failure message="no"/></testcase></testsuite>`

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

/** Runs tests that do this, with these globs. */
async function run(act: () => Promise<unknown>, report: readonly string[] = ['reports/**/*.xml']) {
  const verdict = { is: 'passed', says: 'exit status 0' } as const
  const tests: Tests = {
    run: async () => {
      await act()
      return verdict
    },
  }
  const order = {
    command: '',
    shell: 'bash',
    variables: {},
    within: 1,
    signal: new AbortController().signal,
    report,
  }
  const answer = await withReports(tests, { GITHUB_WORKSPACE: folder }).run(order)
  expect(answer).toMatchObject(verdict)
  return answer.results
}

describe('test reports', () => {
  it('are read together, the suites that failed first', async () => {
    const results = await run(async () => {
      await write('reports/a.xml', '<testsuite name="fine"><testcase/></testsuite>')
      await write('reports/deep/b.xml', suite('broken'))
      await write('elsewhere/c.xml', suite('elsewhere'))
    })
    expect(results).toMatchObject({ passed: 2, failed: 1, skipped: 0, complaints: [] })
    expect(results?.suites.map(({ name }) => name)).toEqual(['broken', 'fine'])
    expect(results?.failures).toMatchObject([{ name: 'bad', file: 'tests/a.py', line: 3 }])
  })

  it('are not asked for when no glob is given', async () => {
    expect(await run(async () => write('reports/a.xml', suite('a')), [])).toBeUndefined()
  })

  it('that lay there before prove nothing, even when they are from the future', async () => {
    await write('reports/old.xml', suite('old'))
    const future = new Date(Date.now() + 3_600_000)
    await utimes(join(folder, 'reports/old.xml'), future, future)
    const stale = await run(async () => {})
    expect(stale).toMatchObject({ passed: 0, failed: 0, suites: [] })
    expect(stale?.complaints).toEqual([expect.stringContaining('was there before the tests began')])
    const fresh = await run(() => write('reports/new.xml', suite('new')))
    expect(fresh?.suites.map(({ name }) => name)).toEqual(['new'])
    expect(fresh?.complaints).toEqual([])
  })

  it('that were there and are written again are of this run', async () => {
    await write('reports/a.xml', suite('a'))
    const results = await run(() => write('reports/a.xml', suite('again')))
    expect(results?.suites.map(({ name }) => name)).toEqual(['again'])
  })

  it('that are missing are a complaint', async () => {
    expect((await run(async () => {}))?.complaints).toEqual(['No test report is at reports/**/*.xml.'])
  })

  it('that cannot be read are complaints with their names, and the others count', async () => {
    const results = await run(async () => {
      await write('reports/broken.xml', '<testsuite>secret')
      await write('reports/large.xml', '')
      await truncate(join(folder, 'reports/large.xml'), 11 * 1024 * 1024)
      await write('reports/good.xml', suite('good'))
    })
    expect(results).toMatchObject({ passed: 1, failed: 1 })
    expect(results?.complaints).toEqual([
      'The test report reports/broken.xml could not be read: it is not well-formed XML.',
      'The test report reports/large.xml could not be read: it is too large.',
    ])
  })

  it('that are broken by the dozen are three complaints', async () => {
    const results = await run(async () => {
      for (let count = 1; count <= 12; count += 1) await write(`reports/${count}.xml`, '{}')
    })
    expect(results?.complaints).toHaveLength(3)
    expect(results?.complaints[2]).toBe('10 more test reports could not be read.')
  })

  it('are regular files: folders and links are none, and packages are not looked into', async () => {
    await write('secret.txt', suite('outside'))
    const results = await run(async () => {
      await write('reports/node_modules/a.xml', suite('package'))
      await mkdir(join(folder, 'reports/folder.xml'), { recursive: true })
      await symlink(join(folder, 'secret.txt'), join(folder, 'reports/link.xml'))
    })
    expect(results?.suites).toEqual([])
  })

  it('have places in the workspace, or none', async () => {
    const places = [`${folder}/tests/a.py`, './tests/b.py', '../outside.py', '/etc/passwd', 'tests\\c.py']
    const results = await run(async () => {
      for (const [index, file] of places.entries()) await write(`reports/${index}.xml`, suite('s', file))
    })
    expect(results?.failures.map(({ file }) => file)).toEqual([
      'tests/a.py',
      'tests/b.py',
      undefined,
      undefined,
      'tests/c.py',
    ])
  })
})
