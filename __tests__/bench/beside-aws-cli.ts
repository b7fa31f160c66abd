import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { realClock } from '../../simulator/clock.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { serveSimulator } from '../../simulator/http-server.ts'
import { createSimulator, type Simulator } from '../../simulator/simulator.ts'

const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const script = fileURLToPath(new URL('./blue-green-by-aws-cli.sh', import.meta.url))

/** One blue/green deployment in real time: what it cost beyond AWS's own time, and where production is afterwards. */
export interface Done {
  readonly exitCode: number
  readonly calls: number
  /** Real seconds beyond what AWS's own operations took. */
  readonly added: number
  /** The version that has the production CNAME at the end. */
  readonly live: string | undefined
}

/** What goes wrong at AWS meanwhile. */
export type Trouble =
  | 'nothing'
  | 'reads are a few seconds old'
  | 'the deployment fails and Beanstalk goes back to the old version'

/** The job as public pipelines do it: update, wait, swap, wait. Undefined where there is no AWS CLI. */
export const byAwsCli = (trouble: Trouble): Promise<Done | undefined> =>
  deploy(trouble, { command: 'bash', args: [script], environment: {} })

/** The same job by the shipped bundle: no tests, no bake, no probes. */
export const byAction = (trouble: Trouble): Promise<Done | undefined> =>
  deploy(trouble, { command: process.execPath, args: [bundle], environment: inputs })

const inputs = {
  INPUT_OPERATION: 'deploy',
  INPUT_APPLICATION: 'shop',
  'INPUT_BLUE-ENVIRONMENT': 'shop-blue',
  'INPUT_GREEN-ENVIRONMENT': 'shop-green',
  'INPUT_PRODUCTION-CNAME': 'shop',
  INPUT_VERSION: '1.1.0',
  INPUT_PROBE: 'off',
  'INPUT_BAKE-TIME': '0s',
  'INPUT_HEALTH-STABLE-FOR': '0s',
}

interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

async function deploy(trouble: Trouble, program: Program): Promise<Done | undefined> {
  const clock = realClock({ speed: 1 })
  const staleReadsMs = trouble === 'reads are a few seconds old' ? 3_000 : 0
  const dataPlane = createModelledApps(clock, new Map())
  const aws = createSimulator({ clock, dataPlane, switches: { staleReadsMs } })
  await givenPair(aws)
  if (trouble.startsWith('the deployment fails'))
    aws.cloud.faults.order({ fault: 'deployment-rolls-back', version: '1.1.0' })
  const server = await serveSimulator(aws, 0)
  const began = clock.now()
  const exitCode = await run(program, server.url)
  const took = clock.now() - began
  await server.close()
  const { environments } = aws.beanstalk.state()
  const needed = operationsOf(aws).reduce((sum, operation) => sum + operation, 0)
  await aws.close()
  if (exitCode === 127) return undefined
  return {
    exitCode,
    calls: aws.calls.length,
    added: (took - needed) / 1_000,
    live: environments.find(({ cname }) => cname?.startsWith('shop.'))?.version,
  }
}

async function givenPair({ beanstalk: { given } }: Simulator): Promise<void> {
  given.application('shop')
  given.version('shop', '1.0.0')
  given.version('shop', '1.1.0')
  const shared = { application: 'shop', version: '1.0.0', minSize: 2, instances: 2 }
  await given.environment({ ...shared, name: 'shop-blue', cnamePrefix: 'shop' })
  await given.environment({ ...shared, name: 'shop-green' })
}

/** How long each of Beanstalk's own operations took, in ms, from the first to the last event of its request. */
function operationsOf(aws: Simulator): readonly number[] {
  const times = new Map<string, number[]>()
  for (const { requestId, at } of aws.beanstalk.events())
    if (requestId) times.set(requestId, [...(times.get(requestId) ?? []), at])
  return [...times.values()].map((of) => Math.max(...of) - Math.min(...of))
}

function run({ command, args, environment }: Program, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
        ...environment,
      },
    })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
