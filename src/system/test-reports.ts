import { glob, lstat, readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { messageOf } from '../deployment/errors.ts'
import type { Tests } from '../deployment/ports.ts'
import type { TestResults } from '../deployment/test-results.ts'
import { type JunitReport, readJunit } from './junit.ts'

const mostFiles = 500
const mostEntries = 200_000
const largestFile = 10 * 1024 * 1024
const largestTogether = 50 * 1024 * 1024
const mostFailures = 500
const mostSuites = 500

/**
 * The tests, with what they write into JUnit reports: files that match `report` and are new or changed since the tests
 * began. What lay there before proves nothing, and is left out. Never fails because of a report.
 */
export function withReports(tests: Tests, environment: Readonly<Record<string, string | undefined>>): Tests {
  const folder = environment.GITHUB_WORKSPACE || process.cwd()
  return {
    async run(order) {
      const patterns = order.report ?? []
      if (patterns.length === 0) return tests.run(order)
      const before = await look(folder, patterns)
      const verdict = await tests.run(order)
      return { ...verdict, results: await gather(folder, { patterns, before: before.stamps }) }
    },
  }
}

interface Seen {
  /** What tells a file from what was there before, by path. */
  readonly stamps: ReadonlyMap<string, string>
  readonly isCut: boolean
  readonly trouble: string | undefined
}

/** Which regular files match now; installed packages are not looked into. */
async function look(folder: string, patterns: readonly string[]): Promise<Seen> {
  const stamps = new Map<string, string>()
  let entries = 0
  const exclude = (path: string) => {
    entries += 1
    return entries > mostEntries || /(?:^|[\\/])(?:node_modules|\.git)$/.test(path)
  }
  try {
    for await (const name of glob(patterns, { cwd: folder, exclude })) {
      const path = resolve(folder, name)
      const { size, mtimeNs, ino, isFile } = await statOf(path)
      if (isFile) stamps.set(path, `${ino} ${size} ${mtimeNs}`)
      if (stamps.size > mostFiles) break
    }
  } catch (thrown) {
    return { stamps, isCut: false, trouble: messageOf(thrown) }
  }
  return { stamps, isCut: stamps.size > mostFiles || entries > mostEntries, trouble: undefined }
}

/** What is gone by now, or is no regular file, is none. */
async function statOf(path: string) {
  try {
    const stats = await lstat(path, { bigint: true })
    return { size: stats.size, mtimeNs: stats.mtimeNs, ino: stats.ino, isFile: stats.isFile() }
  } catch {
    return { size: 0n, mtimeNs: 0n, ino: 0n, isFile: false }
  }
}

async function gather(
  folder: string,
  { patterns, before }: { readonly patterns: readonly string[]; readonly before: Seen['stamps'] },
): Promise<TestResults> {
  const after = await look(folder, patterns)
  const complaints: string[] = []
  if (after.trouble !== undefined) complaints.push(`\`test-report\` could not be searched: ${after.trouble}`)
  if (after.isCut) complaints.push('`test-report` matches too much; only the first files were read.')
  const fresh = [...after.stamps].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path)
  if (fresh.length === 0 && complaints.length === 0) complaints.push(noneOf(patterns, after.stamps.size))
  const reports: JunitReport[] = []
  let left = largestTogether
  for (const path of fresh.slice(0, mostFiles).sort()) {
    const shown = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
    try {
      const size = Number((await statOf(path)).size)
      if (size > Math.min(largestFile, left)) throw new Error('it is too large')
      left -= size
      reports.push(readJunit(await readFile(path, 'utf8')))
    } catch (thrown) {
      complaints.push(`The test report ${shown} could not be read: ${messageOf(thrown)}.`)
    }
  }
  return together(folder, reports, shortened(complaints))
}

const noneOf = (patterns: readonly string[], stale: number): string =>
  stale === 0
    ? `No test report is at ${patterns.join(', ')}.`
    : `No test report at ${patterns.join(', ')} is of this run: what is there was there before the tests began.`

/** A few warnings say it as well as a hundred. */
const shortened = (complaints: readonly string[]): readonly string[] =>
  complaints.length <= 3
    ? complaints
    : [...complaints.slice(0, 2), `${complaints.length - 2} more test reports could not be read.`]

function together(
  folder: string,
  reports: readonly JunitReport[],
  complaints: readonly string[],
): TestResults {
  const suites = reports.flatMap((report) => report.suites)
  const sum = (count: 'passed' | 'failed' | 'skipped' | 'took') =>
    suites.reduce((total, suite) => total + suite[count], 0)
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    took: sum('took'),
    // Those with failures first: they are what somebody looks for.
    suites: [...suites].sort((one, other) => other.failed - one.failed).slice(0, mostSuites),
    failures: reports
      .flatMap((report) => report.failures)
      .slice(0, mostFailures)
      .map((failure) => ({ ...failure, file: inWorkspace(folder, failure.file) })),
    complaints,
  }
}

/** A file's path as GitHub knows it; undefined for what is not in the workspace. */
function inWorkspace(folder: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const path = relative(folder, resolve(folder, file.replaceAll('\\', '/')))
  return path === '' || path.startsWith('..') || isAbsolute(path) ? undefined : path
}
