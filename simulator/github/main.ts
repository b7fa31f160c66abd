import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { realClock } from '../clock.ts'
import { createLocalGithub, type GithubOrder } from './github.ts'
import { idTokenPath } from './id-token.ts'
import { readPermissions } from './permissions.ts'
import { serveGithub } from './server.ts'

const usage = `A local GitHub: deployments, checks, comments and ID tokens.

node simulator/github/main.ts [options]

  --port N                  (4567; 0: any that is free)
  --log FILE                every request is appended to it, as one JSON line
  --repository OWNER/NAME   the only one that there is (every one)
  --permissions NAME=LEVEL  what the token may do, such as deployments=none,checks=read (write everything)
  --token TOKEN             the only one that is good (every one)
  --help
`

/** Serves until SIGINT or SIGTERM. Prints one JSON line when it is ready: its address, and the variables for a job. */
async function main(args: readonly string[]): Promise<void> {
  const options = read(args)
  if (options === 'help') {
    process.stdout.write(usage)
    return
  }
  const { port, order } = options
  const server = await serveGithub(createLocalGithub(order), port)
  const end = () => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end).on('SIGTERM', end)
  const { url } = server
  const environment = {
    GITHUB_API_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${idTokenPath}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'local',
  }
  process.stdout.write(`${JSON.stringify({ url, environment })}\n`)
}

/** Throws an Error with a sentence for a mistake of the user's. */
function read(args: readonly string[]): { readonly port: number; readonly order: GithubOrder } | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      log: { type: 'string' },
      repository: { type: 'string' },
      permissions: { type: 'string' },
      token: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  const { port = '4567', log, repository, permissions = '', token } = values
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new Error(`--port must be a port from 0 to 65535, not '${port}'.`)
  if (repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`--repository must be OWNER/NAME, not '${repository}'.`)
  const allowed = permissions === '' ? undefined : readPermissions(permissions)
  if (permissions !== '' && !allowed)
    throw new Error(`--permissions must be like deployments=none,checks=read, not '${permissions}'.`)
  return {
    port: Number(port),
    order: {
      clock: realClock({ speed: 1 }),
      ...(repository !== undefined && { repository }),
      ...(allowed && { permissions: allowed }),
      ...(token !== undefined && { token }),
      ...(log !== undefined && { log: (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`) }),
    },
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  const isTheirs = code === undefined || code === 'EADDRINUSE' || code.startsWith('ERR_PARSE_ARGS')
  if (!isTheirs) throw error
  process.stderr.write(`${message}\n`)
  process.exitCode = 2
}
