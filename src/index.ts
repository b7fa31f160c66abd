import { cancellation } from './github/cancellation.ts'
import { actionsToolkit } from './github/toolkit.ts'
import { main } from './main.ts'
import { post } from './post.ts'
import { systemClock } from './system/clock.ts'
import { resolveAlias, resolveHost } from './system/dns.ts'
import { downloader } from './system/download.ts'
import { httpProbe } from './system/http-probe.ts'
import { shellCommand } from './system/shell-command.ts'
import { withReports } from './system/test-reports.ts'
import { userCommand } from './system/user-command.ts'

const toolkit = actionsToolkit()
const cancelling = cancellation(process)
const surroundings = { environment: process.env, write: toolkit.info }
const isPost = toolkit.getState('nonce') !== ''
const run = isPost ? post : main

await run({
  clock: systemClock(),
  random: Math.random,
  environment: process.env,
  toolkit,
  // In the same file as everything else, and run only when it is asked for.
  github: () => import(/* webpackMode: "eager" */ '@actions/github/lib/utils'),
  probe: httpProbe({ environment: process.env, resolve: resolveHost, aliasOf: resolveAlias }),
  download: downloader(process.env),
  tests: withReports(shellCommand(surroundings), process.env),
  command: userCommand(surroundings),
  cancelled: cancelling.signal,
})
cancelling.stop()
