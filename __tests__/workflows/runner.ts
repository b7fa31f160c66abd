import { spawn } from 'node:child_process'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** One run of one workflow. */
export interface Order {
  readonly workflow: string
  /** Its name, and what GitHub would put into `github.event`. */
  readonly event: { readonly name: string; readonly payload?: unknown }
  readonly repository: string
  /** Of every step, beyond what the runner sets. */
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** The action's own folder: action.yml and dist. */
  readonly action: string
  /** The runner's binary, and a folder where it may keep what it likes; logs are left there, too. */
  readonly runner: { readonly binary: string; readonly folder: string }
}

/** What became of a job. */
export interface Job {
  readonly result: string
  /** The outputs of each step that had any, in their order. */
  readonly outputs: readonly Readonly<Record<string, string>>[]
  readonly summary: string
}

/** What became of a run: by job, with the values of its matrix in its name as GitHub shows it. */
export interface Ran {
  readonly exitCode: number | null
  readonly jobs: Readonly<Record<string, Job>>
  readonly log: string
}

/** Runs a workflow as a self-hosted runner would, on this machine, and waits for its end. */
export async function runWorkflow(order: Order): Promise<Ran> {
  const { runner, event, workflow } = order
  const payload = join(runner.folder, 'event.json')
  await writeFile(payload, JSON.stringify(event.payload ?? {}))
  const child = spawn(runner.binary, [...argumentsFor(order), '--eventpath', payload], {
    env: {
      PATH: process.env.PATH,
      HOME: runner.folder,
      XDG_CONFIG_HOME: join(runner.folder, 'config'),
      XDG_CACHE_HOME: join(runner.folder, 'cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Whatever hangs in it must not hang whoever waits for it.
    timeout: 5 * 60_000,
  })
  const lines: Line[] = []
  const log: string[] = []
  const heed = async (stream: Readable) => {
    for await (const text of createInterface({ input: stream })) {
      const line = read(text)
      lines.push(line)
      log.push(line.job ? `[${line.job}] ${line.msg ?? ''}`.trimEnd() : (line.msg ?? ''))
    }
  }
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  const [exitCode] = await Promise.all([ended, heed(child.stdout), heed(child.stderr)])
  await appendFile(join(runner.folder, `${workflow}.log`), `${log.join('\n')}\n\n`)
  return { exitCode, jobs: jobsIn(lines), log: log.join('\n') }
}

function argumentsFor({
  workflow,
  event,
  repository,
  environment,
  secrets,
  action,
  runner,
}: Order): string[] {
  return [
    event.name,
    '--directory',
    repository,
    '--workflows',
    join('.github/workflows', workflow),
    '--json',
    // There are no containers: this machine is the runner, as a self-hosted one would be.
    '--platform',
    'ubuntu-latest=-self-hosted',
    '--no-cache-server',
    '--action-cache-path',
    join(runner.folder, 'actions'),
    '--local-repository',
    `beanstalk-blue-green/beanstalk-blue-green@v0=${action}`,
    ...Object.entries(secrets).flatMap(([name, value]) => ['--secret', `${name}=${value}`]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ]
}

/** The part of a line of its log in JSON that matters here. */
interface Line {
  readonly job?: string
  readonly msg?: string
  readonly jobResult?: string
  readonly stage?: string
  readonly stepID?: readonly string[]
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
}

function read(text: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch {
    return { msg: text }
  }
}

function jobsIn(lines: readonly Line[]): Record<string, Job> {
  const byJob = Map.groupBy(
    lines.filter(({ job }) => job !== undefined),
    ({ job }) => job?.replace(/^.*\//, '').trim() ?? '',
  )
  return Object.fromEntries([...byJob].map(([name, its]) => [name, jobIn(its)]))
}

function jobIn(lines: readonly Line[]): Job {
  const puts = lines.filter(({ command, stage }) => command === 'set-output' && stage === 'Main')
  const byStep = Map.groupBy(puts, ({ stepID }) => stepID?.join('.') ?? '')
  return {
    result: lines.findLast(({ jobResult }) => jobResult !== undefined)?.jobResult ?? 'none',
    outputs: [...byStep.values()].map((its) =>
      Object.fromEntries(its.map(({ name = '', arg = '' }) => [name, arg])),
    ),
    summary: lines
      .flatMap(({ command, content }) => (command === 'summary' ? (content ?? '') : []))
      .join('\n'),
  }
}
