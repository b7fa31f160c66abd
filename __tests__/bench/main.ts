import { stat } from 'node:fs/promises'
import { byAction, byAwsCli, type Done, type Trouble } from './beside-aws-cli.ts'
import {
  callsInAccountOf,
  callsInZoneOf,
  callsWhenShort,
  costOfDeployment,
  deployOften,
  fourAtOnce,
  roundsOfRollback,
} from './deployments.ts'
import { memoryToPublish } from './large-bundle.ts'
import { atMost, inColumns, type Row } from './row.ts'
import { startTimes } from './start.ts'
import { secondsOfSuite } from './suite.ts'

/** One after the other, since each would disturb the next; what runs in real time and mostly waits goes beside them. */
async function bench(withSuite: boolean): Promise<readonly Row[]> {
  progress('process start')
  const start = await startTimes(15)
  progress('deployments in virtual time')
  const cost = await costOfDeployment()
  const rows = [
    atMost('process start → first AWS call, against one unbundled client', {
      measured: start.bundle / start.baseline,
      budget: 2,
      unit: ' ×',
      digits: 2,
    }),
    atMost('AWS calls in a whole deployment (7 minutes)', { measured: cost.calls, budget: 100 }),
    atMost('… when nothing is long (no tests, no bake)', { measured: await callsWhenShort(), budget: 40 }),
    atMost('time added to AWS’s own, tests and bake', {
      measured: (cost.took - cost.needed) / 1_000,
      budget: 2,
      unit: ' s',
      digits: 1,
    }),
    atMost('mean lateness at the end of an operation', {
      measured: cost.lateness / 1_000,
      budget: 1,
      unit: ' s',
      digits: 1,
    }),
    atMost('AWS calls a second while waiting', {
      measured: cost.callsPerSecondWhileWaiting,
      budget: 0.25,
      digits: 2,
    }),
    ...(await together()),
    // Seven are left: who am I (with hints) · the journal · the lock · the claims, with one look at everything · the way
    // back is written down · the last comparison · the swap. None can go beside another without losing a safety.
    atMost('rollback: rounds of calls up to the one that switches', {
      measured: await roundsOfRollback(),
      budget: 3,
    }),
    ...(await largeAccount()),
    await simulationSpeed(),
  ]
  progress('a package of 512 MiB')
  const memory = await memoryToPublish(512)
  const small = await memoryToPublish(8)
  progress('the same job by a script with the AWS CLI, in real time (two minutes)')
  const size = await stat(new URL('../../dist/index.js', import.meta.url))
  return [
    ...rows,
    ...(memory === undefined || small === undefined
      ? []
      : [
          atMost('peak memory, package of 512 MiB', { measured: memory, budget: 150, unit: ' MiB' }),
          { what: '… of 8 MiB', measured: `${small.toFixed(0)} MiB`, budget: '', isWithin: undefined },
        ]),
    ...(await besideTheCli()),
    {
      what: 'dist/index.js',
      measured: `${(size.size / 2 ** 20).toFixed(2)} MiB`,
      budget: '',
      isWithin: undefined,
    },
    ...(withSuite ? [await suite()] : []),
  ]
}

async function together(): Promise<readonly Row[]> {
  const four = await fourAtOnce()
  return [
    atMost('four deployments at once: failed', { measured: four.failed, budget: 0 }),
    atMost('… and the slowest is later than one alone by', {
      measured: four.cost / 1_000,
      budget: 5,
      unit: ' s',
      digits: 1,
    }),
    {
      what: '… calls that were throttled',
      measured: String(four.throttled),
      budget: '',
      isWithin: undefined,
    },
  ]
}

async function largeAccount(): Promise<readonly Row[]> {
  const [small, large] = [await callsInAccountOf(10, 1), await callsInAccountOf(1_000, 200)]
  return [
    atMost('more calls with 1,000 versions and 200 environments than with 10', {
      measured: large - small,
      budget: 0,
    }),
    ...(await largeZone()),
  ]
}

async function largeZone(): Promise<readonly Row[]> {
  const [small, large] = [await callsInZoneOf(10), await callsInZoneOf(10_000)]
  return [
    atMost('more calls to Route 53 in a zone with 10,000 records than with 10', {
      measured: large - small,
      budget: 0,
    }),
    {
      what: '… calls to Route 53 in three steps, from a simple record',
      measured: String(large),
      budget: '',
      isWithin: undefined,
    },
  ]
}

async function simulationSpeed(): Promise<Row> {
  const runs = 20
  await deployOften(2)
  const began = performance.now()
  await deployOften(runs)
  const speed = (runs * 1_000) / (performance.now() - began)
  return {
    what: 'whole deployments a second in virtual time, users included',
    measured: speed.toFixed(1),
    budget: '≥ 20',
    isWithin: speed >= 20,
  }
}

async function besideTheCli(): Promise<readonly Row[]> {
  const old = 'reads are a few seconds old'
  const taken = 'the deployment fails and Beanstalk goes back to the old version'
  const [well, late, back] = await Promise.all([both('nothing'), both(old), both(taken)])
  return [
    beside('update, wait, swap, wait: beyond AWS’s own time', well, ({ added }) => `${added.toFixed(1)} s`),
    beside('… AWS calls', well, ({ calls }) => String(calls)),
    beside('… how it ends (1.1.0 is wanted)', well, endOf),
    beside(`… when ${old}`, late, endOf),
    beside(`… when ${taken}`, back, endOf),
  ]
}

type Both = readonly [Done | undefined, Done | undefined]

const both = (trouble: Trouble): Promise<Both> => Promise.all([byAction(trouble), byAwsCli(trouble)])

const endOf = ({ exitCode, live }: Done): string => `exit code ${exitCode}, ${live} is live`

const beside = (what: string, [action, script]: Both, of: (done: Done) => string): Row => ({
  what,
  measured: action ? of(action) : '',
  budget: '',
  isWithin: undefined,
  script: script ? of(script) : 'no aws here',
})

async function suite(): Promise<Row> {
  progress('the whole test suite')
  return atMost('the whole test suite', { measured: await secondsOfSuite(), budget: 120, unit: ' s' })
}

const progress = (what: string): void => void process.stderr.write(`measuring: ${what}\n`)

process.stdout.write(`${inColumns(await bench(process.argv.includes('--suite')))}\n`)
process.exit(0)
