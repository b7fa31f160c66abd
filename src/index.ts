import { cancellation } from './github/cancellation.ts'
import { actionsToolkit } from './github/toolkit.ts'
import { main } from './main.ts'
import { post } from './post.ts'
import { systemClock } from './system/clock.ts'
import { resolveAlias, resolveHost } from './system/dns.ts'
import { httpProbe } from './system/http-probe.ts'
import { shellCommand } from './system/shell-command.ts'

const toolkit = actionsToolkit()
const cancelling = cancellation(process)
const isPost = toolkit.getState('nonce') !== ''
const run = isPost ? post : main

await run({
  clock: systemClock(),
  random: Math.random,
  environment: process.env,
  toolkit,
  probe: httpProbe({ environment: process.env, resolve: resolveHost, aliasOf: resolveAlias }),
  tests: shellCommand({ environment: process.env, write: toolkit.info }),
  cancelled: cancelling.signal,
})
cancelling.stop()
