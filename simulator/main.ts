import { type LocalAws, startLocalAws } from './local-aws.ts'
import { OptionError, readOptions, usage } from './options.ts'
import { speedUpEnvironment } from './speed-up-environment.ts'

/** `npm run simulator`: a local AWS until SIGINT or SIGTERM. A mistake of the user's is one sentence and exit code 2. */
async function main(args: readonly string[]): Promise<void> {
  const order = readOptions(args)
  if (order === 'help') {
    process.stdout.write(usage)
    return
  }
  const aws = await startLocalAws(order)
  let ending = false
  const end = () => {
    // Asked twice, somebody is in a hurry.
    if (ending) process.exit(1)
    ending = true
    aws.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end).on('SIGTERM', end)
  process.stdout.write(`ready on ${aws.url}\n\n${variables(aws)}${pace(aws, order.speed ?? 1)}`)
}

const variables = ({ url, proxyUrl, caFile, dnsPort, simulator }: LocalAws) => `For clients:
  export AWS_ENDPOINT_URL=${url}
  export AWS_REGION=${simulator.cloud.region} AWS_DEFAULT_REGION=${simulator.cloud.region}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
To open an environment's address (curl, browsers, test commands):
  export HTTP_PROXY=${proxyUrl} http_proxy=${proxyUrl}
  export HTTPS_PROXY=${proxyUrl} https_proxy=${proxyUrl}
  export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
To trust its certificates (Node; curl takes --cacert):
  export NODE_EXTRA_CA_CERTS=${caFile}
Its DNS server: dig @127.0.0.1 -p ${dnsPort} NAME
`

/** A Node process, the action among them, lives in the simulated time with these. */
const pace = (aws: LocalAws, speed: number) => {
  if (speed === 1) return ''
  const variables = speedUpEnvironment({ clock: aws.simulator.cloud.clock, speed, dnsPort: aws.dnsPort })
  const lines = Object.entries(variables).map(([name, value]) => `  export ${name}='${value}'`)
  return `For Node programs that wait (such as dist/index.js), to live ${speed} times as fast too:\n${lines.join('\n')}\n`
}

/** Undefined for what is no mistake of the user's. */
function sentenceFor(error: unknown): string | undefined {
  if (error instanceof OptionError) return error.message
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') return `Port ${port ?? ''} is already in use.`
  if (code === 'EACCES') return `Port ${port ?? ''} may not be used without more rights.`
  return undefined
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const sentence = sentenceFor(error)
  if (sentence === undefined) throw error
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 2
}
