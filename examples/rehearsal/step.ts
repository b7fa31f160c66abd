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
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

/** How the step ended, main and post. */
export interface Ended {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** Runs the shipped bundle as a runner does: main, then post with main's state. */
export async function runStep(step: Step): Promise<Ended> {
  await mkdir(step.folder, { recursive: true })
  const files = {
    GITHUB_OUTPUT: join(step.folder, 'outputs'),
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
  const say = (line: string) => {
    log.push(line)
    step.onLine(line)
  }
  const exitCode = await runBundle({ environment, say, signal: step.signal })
  const state = Object.entries(await readCommands(files.GITHUB_STATE))
  const asState = Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value]))
  const postExitCode = await runBundle({
    environment: { ...environment, ...asState },
    say: (line) => log.push(line),
    signal: step.signal,
  })
  await writeFile(join(step.folder, 'log.txt'), `${log.join('\n')}\n`)
  return {
    exitCode: exitCode === 0 ? postExitCode : exitCode,
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
  say: (line: string) => void
  signal: AbortSignal
}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle], {
      cwd: workspace,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const cancel = () => child.kill('SIGINT')
    signal.addEventListener('abort', cancel, { once: true })
    for (const stream of [child.stdout, child.stderr]) inLines(stream, say)
    child.on('error', reject)
    child.on('close', (code) => {
      signal.removeEventListener('abort', cancel)
      resolve(code ?? 1)
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
