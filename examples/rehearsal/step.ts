import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const workspace = fileURLToPath(new URL('../..', import.meta.url))

/** One step of a workflow that uses the action, as a runner would run it. */
export interface Step {
  /** Where its log, summary and outputs are left. */
  readonly folder: string
  readonly inputs: Readonly<Record<string, string>>
  /** Beyond what a runner sets: credentials, endpoint, proxy. */
  readonly environment: Readonly<Record<string, string>>
  /** Each line of main's log; `kill` sends its process a signal, as a runner that cancels or dies would. */
  readonly onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void
  readonly signal: AbortSignal
}

/** How the step ended, main and post. */
export interface Ended {
  /** Of main, unless it is 0: then of post. Null when a signal ended it. */
  readonly exitCode: number | null
  readonly postExitCode: number | null
  /** Everything that both wrote. */
  readonly log: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** Runs the shipped bundle as a runner does: main, then post with main's state. */
export async function runStep(step: Step): Promise<Ended> {
  await mkdir(step.folder, { recursive: true })
  const files = {
    GITHUB_OUTPUT: join(step.folder, 'outputs'),
    // A runner gives every process a file of its own; nobody can read what a post step puts out.
    POST_OUTPUT: join(step.folder, 'post-outputs'),
    GITHUB_STATE: join(step.folder, 'state'),
    GITHUB_STEP_SUMMARY: join(step.folder, 'summary.md'),
  }
  for (const file of Object.values(files)) await writeFile(file, '')
  const inputs = Object.fromEntries(
    Object.entries(step.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    RUNNER_TEMP: step.folder,
    ...files,
    ...inputs,
    ...step.environment,
  }
  const log: string[] = []
  const exitCode = await runBundle({
    environment,
    say: (line, kill) => {
      log.push(line)
      step.onLine(line, kill)
    },
    signal: step.signal,
  })
  const state = Object.entries(await readCommands(files.GITHUB_STATE))
  const asState = Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value]))
  const postExitCode = await runBundle({
    environment: { ...environment, ...asState, GITHUB_OUTPUT: files.POST_OUTPUT },
    say: (line) => log.push(line),
    signal: step.signal,
  })
  await writeFile(join(step.folder, 'log.txt'), `${log.join('\n')}\n`)
  return {
    exitCode: exitCode === 0 ? postExitCode : exitCode,
    postExitCode,
    log,
    outputs: await readCommands(files.GITHUB_OUTPUT),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
  }
}

function runBundle({
  environment,
  say,
  signal,
}: {
  environment: Record<string, string>
  say: Step['onLine']
  signal: AbortSignal
}): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle], {
      cwd: workspace,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const cancel = () => child.kill('SIGINT')
    signal.addEventListener('abort', cancel, { once: true })
    for (const stream of [child.stdout, child.stderr])
      inLines(stream, (line) => say(line, (name) => child.kill(name)))
    child.on('error', reject)
    child.on('close', (code) => {
      signal.removeEventListener('abort', cancel)
      resolve(code)
    })
  })
}

function inLines(stream: NodeJS.ReadableStream, say: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(say)
  })
  stream.on('end', () => {
    if (rest !== '') say(rest)
  })
}

/** Reads `name<<delimiter` blocks, the form of the runner's command files. */
async function readCommands(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  const found: Record<string, string> = {}
  for (let index = 0; index < lines.length; index++) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[index] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, index + 1)
    found[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return found
}
