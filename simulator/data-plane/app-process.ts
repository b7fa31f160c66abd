import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Output } from './output.ts'
import type { Reaper } from './reaper.ts'

/** An application that runs in a process group of its own. */
export interface AppProcess {
  /** On 127.0.0.1. */
  readonly port: number
  /** Resolves when the port accepts; throws with the last lines of output when the app ends first or takes 10 s. */
  comeUp(): Promise<void>
  /** SIGTERM to the whole group, SIGKILL to what is left of it after 2 s. */
  stop(): Promise<void>
}

export interface LaunchOrder {
  readonly command: string
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  readonly output: Output
  readonly reaper: Reaper
}

/** Starts an application on a free port, which it is told as PORT; that wins over a variable of this name. */
export async function launch({
  command,
  directory,
  variables,
  output,
  reaper,
}: LaunchOrder): Promise<AppProcess> {
  const port = await freePort()
  const child = spawn('/bin/sh', ['-c', withoutShell(command)], {
    cwd: directory,
    env: environmentOf(directory, variables, port),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const group = child.pid
  if (group === undefined) throw new Error('The application could not be started: no shell')
  reaper.watch(group)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.add(text))
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const silent = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    port,
    comeUp: () => comeUp({ child, port, silent, output }),
    async stop() {
      signal(group, 'SIGTERM')
      await Promise.race([silent, patience(END_WITHIN_MS)])
      signal(group, 'SIGKILL')
      await exited
      await Promise.race([silent, patience(LAST_WORDS_MS)])
      reaper.forget(group)
    },
  }
}

/** A shell that stays in between would get the signals first, and leave its child to whoever adopts it. */
const withoutShell = (command: string) => (/[;&|<>()`]/.test(command) ? command : `exec env ${command}`)

/** Not the simulator's own environment: no credentials, no NODE_OPTIONS. */
function environmentOf(directory: string, variables: Readonly<Record<string, string>>, port: number) {
  const { PATH = '', HOME = '/', TMPDIR = '/tmp', LANG = 'C.UTF-8' } = process.env
  const path = [dirname(process.execPath), join(directory, 'node_modules/.bin'), PATH].join(delimiter)
  return { HOME, TMPDIR, LANG, ...variables, PATH: path, PORT: String(port) }
}

interface Birth {
  readonly child: ChildProcess
  readonly port: number
  /** Its output has been read to the end. */
  readonly silent: Promise<void>
  readonly output: Output
}

async function comeUp({ child, port, silent, output }: Birth): Promise<void> {
  const deadline = performance.now() + UP_WITHIN_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      // A daemon that it left behind may hold the pipe open for ever.
      await Promise.race([silent, patience(LAST_WORDS_MS)])
      const how = child.signalCode ?? `exit status ${child.exitCode}`
      throw new Error(`The application ended (${how}):\n${output.text(20)}`)
    }
    if (await accepts(port)) return
    await pause(LOOK_EVERY_MS)
  }
  throw new Error(`The application does not listen on PORT (${port}) after 10 s:\n${output.text(20)}`)
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (does: boolean) => {
      socket.destroy()
      resolve(does)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })

function signal(group: number, which: NodeJS.Signals) {
  try {
    process.kill(-group, which)
  } catch {
    // Nobody is left.
  }
}

const patience = (ms: number) => pause(ms, undefined, { ref: false })

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** All in ms of real time: processes know no other. Whoever has ended holds no pipe, so silence is the end of a group. */
const UP_WITHIN_MS = 10_000
const END_WITHIN_MS = 2_000
const LAST_WORDS_MS = 500
const LOOK_EVERY_MS = 15
