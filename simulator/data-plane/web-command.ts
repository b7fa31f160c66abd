import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The shell command that starts the application in `directory`: the `web` line of its Procfile
 * [DG:platforms-linux-extend.build-proc], else the start script of its package.json, else app.js, else server.js
 * (the order of these three is not confirmed).
 */
export async function webCommand(directory: string): Promise<string> {
  const procfile = await textOf(join(directory, 'Procfile'))
  if (procfile !== undefined) {
    const line = /^web:[ \t]*(\S.*)$/m.exec(procfile)?.[1]
    if (line === undefined) throw new Error('The Procfile has no line `web: COMMAND`')
    return line.trim()
  }
  const manifest = await textOf(join(directory, 'package.json'))
  const start: unknown = manifest === undefined ? undefined : JSON.parse(manifest)?.scripts?.start
  if (typeof start === 'string') return start
  for (const name of ['app.js', 'server.js']) {
    if (await stat(join(directory, name)).catch(() => undefined)) return `node ${name}`
  }
  throw new Error('The bundle says nothing about how it starts: no Procfile, no start script, no app.js')
}

/** Puts Beanstalk's sample application in `directory`: what runs in an environment without a version. */
export async function writeSampleApplication(directory: string): Promise<void> {
  await writeFile(
    join(directory, 'app.js'),
    `require('node:http')
  .createServer((_, response) => response.end('<h1>Congratulations</h1>'))
  .listen(process.env.PORT, '127.0.0.1')
`,
  )
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => undefined)
