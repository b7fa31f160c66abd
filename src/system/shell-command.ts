import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Tests } from '../deployment/ports.ts'
import { inWords } from '../deployment/wait-until.ts'
import { asOutput, lineSplitter } from './lines.ts'
import { endGroup } from './process-group.ts'
import { type Invocation, invocationOf } from './shells.ts'
import { testEnvironment } from './test-environment.ts'

/** What surrounds the user's commands. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Takes one line of output, without its end; workflow commands in it are broken already. */
  readonly write: (line: string) => void
}

/** A command as it is to be run. */
export interface Order {
  readonly command: string
  readonly shell: string
  readonly variables: Readonly<Record<string, string>>
  /** In ms; then it is ended. */
  readonly within: number
  readonly signal: AbortSignal
  /** Gets what it prints, line by line; left out: that goes into the log, as what it says on stderr always does. */
  readonly printed?: (line: string) => void
  /** Gets what goes into the log as well. */
  readonly said?: (line: string) => void
}

/** How a command ended. */
export interface Verdict {
  readonly is: 'passed' | 'failed' | 'timed out'
  readonly says: string
}

/** How long output may go on after the end, in ms. */
const lastWords = 2_000
const longestTimer = 2 ** 31 - 1

/** The user's tests, as one command. */
export const shellCommand = (surroundings: Surroundings): Tests => ({
  run: ({ command, shell, variables, within, signal }) =>
    runInShell({ command, shell, variables, within, signal }, surroundings),
})

/**
 * Runs the user's command as GitHub runs a `run:` step: same shell options, same folder, same environment (see
 * `testEnvironment`); values reach it by variables only. Whatever it started is ended with it. Rejects with the
 * signal's reason when that is aborted. For Linux and macOS.
 */
export async function runInShell(order: Order, surroundings: Surroundings): Promise<Verdict> {
  order.signal.throwIfAborted()
  const parent = surroundings.environment.RUNNER_TEMP || tmpdir()
  const folder = await mkdtemp(join(parent, 'command-'))
  try {
    const invocation = invocationOf(order.shell, { command: order.command, folder })
    if (!invocation) return { is: 'failed', says: `\`${order.shell}\` is not a shell that is known here` }
    await writeFile(invocation.file, invocation.script, { mode: 0o600 })
    return await follow(begin(invocation, order, surroundings), order, surroundings)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const begin = ({ program, parts }: Invocation, { variables }: Order, { environment }: Surroundings) =>
  spawn(program, parts, {
    cwd: environment.GITHUB_WORKSPACE || process.cwd(),
    env: testEnvironment(environment, variables),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })

async function follow(child: ChildProcess, order: Order, { write }: Surroundings): Promise<Verdict> {
  const log = (line: string) => {
    write(asOutput(line))
    order.said?.(line)
  }
  const outputs = [
    { stream: child.stdout, take: order.printed ?? log },
    { stream: child.stderr, take: log },
  ]
  const flush = outputs.map(({ stream, take }) => {
    const lines = lineSplitter(take)
    stream?.on('data', lines.push)
    return lines.end
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const over = new AbortController()
  const after = (ms: number) => pause(ms, undefined, { signal: over.signal }).catch(() => {})
  try {
    const verdict = await Promise.race([verdictOf(child), timeLimit(order, after), aborted(order.signal)])
    if (verdict && verdict.is !== 'timed out') await Promise.race([closed, after(lastWords)])
    if (child.pid !== undefined) await endGroup(child.pid)
    await Promise.race([closed, after(lastWords)])
    if (verdict) return verdict
    throw order.signal.reason
  } finally {
    over.abort()
    child.stdout?.destroy()
    child.stderr?.destroy()
    for (const end of flush) end()
  }
}

const verdictOf = (child: ChildProcess): Promise<Verdict> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ is: 'failed', says: cannotStart(error) }))
    child.once('exit', (status, signal) => {
      if (status === 0) return resolve({ is: 'passed', says: 'exit status 0' })
      resolve({ is: 'failed', says: signal ? `ended by ${signal}` : `exit status ${status}` })
    })
  })

const cannotStart = (error: Error & { readonly code?: string; readonly path?: string }): string =>
  error.code === 'ENOENT' ? `\`${error.path}\` was not found on this runner` : error.message

async function timeLimit({ within }: Order, after: (ms: number) => Promise<void>): Promise<Verdict> {
  await after(Math.min(within, longestTimer))
  return { is: 'timed out', says: `not done within ${inWords(within)}, and ended` }
}

/** Resolves with nothing as soon as the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
