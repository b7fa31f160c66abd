import { spawn } from 'node:child_process'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realClock } from '../../simulator/clock.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { serveSimulator } from '../../simulator/http-server.ts'
import { createSimulator } from '../../simulator/simulator.ts'

const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const mebibyte = 2 ** 20

/**
 * The most memory, in MiB, that the shipped bundle ever had while it published a package of `size` MiB. Undefined where
 * the system does not tell (it is read from Linux's /proc).
 */
export async function memoryToPublish(size: number): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'large-bundle-'))
  const clock = realClock({ speed: 1 })
  const aws = createSimulator({ clock, dataPlane: createModelledApps(clock, new Map()), throttling: false })
  await givenPair(aws)
  const server = await serveSimulator(aws, 0)
  try {
    const path = join(folder, 'package.zip')
    await writeZip(path, size)
    const child = spawn(process.execPath, [bundle], { env: environment(server.url, path), stdio: 'ignore' })
    let most: number | undefined
    while (
      child.exitCode === null &&
      !aws.calls.some((call) => call.operation === 'CreateApplicationVersion')
    )
      most = (await peakOf(child.pid)) ?? most
    child.kill('SIGKILL')
    if (!aws.calls.some((call) => call.operation === 'CreateApplicationVersion'))
      throw new Error('the package was not published')
    return most
  } finally {
    await server.close()
    await aws.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function givenPair({ beanstalk: { given } }: ReturnType<typeof createSimulator>): Promise<void> {
  given.application('shop')
  given.version('shop', '1.0.0')
  const shared = { application: 'shop', version: '1.0.0' }
  await given.environment({ ...shared, name: 'shop-blue', cnamePrefix: 'shop' })
  await given.environment({ ...shared, name: 'shop-green' })
}

/** What tells a zip is at its two ends; what is between them nobody looks at before Beanstalk. */
async function writeZip(path: string, size: number): Promise<void> {
  const file = await open(path, 'w')
  await file.write(Buffer.from('PK\u0003\u0004'), 0, 4, 0)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  await file.write(end, 0, end.length, size * mebibyte - end.length)
  await file.close()
}

/** VmHWM, the high-water mark of resident memory, in MiB. */
async function peakOf(pid: number | undefined): Promise<number | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 20))
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
}

const environment = (url: string, path: string) => ({
  PATH: process.env.PATH ?? '',
  AWS_ENDPOINT_URL: url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  INPUT_OPERATION: 'deploy',
  INPUT_APPLICATION: 'shop',
  'INPUT_BLUE-ENVIRONMENT': 'shop-blue',
  'INPUT_GREEN-ENVIRONMENT': 'shop-green',
  'INPUT_PRODUCTION-CNAME': 'shop',
  INPUT_PROBE: 'off',
  INPUT_VERSION: '1.1.0',
  INPUT_PACKAGE: path,
})
