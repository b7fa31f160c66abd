import { messageOf } from './errors.ts'
import { inTime } from './in-time.ts'
import { linesThatMatter } from './log-lines.ts'
import { masked, secretsIn } from './mask.ts'
import type { InstanceLog, Ms } from './ports.ts'
import { readLogs } from './remedies.ts'
import type { Run } from './run.ts'

/** What an environment that failed said in the end: secrets masked, cut to what can be read. */
export interface LastWords {
  readonly environment: string
  /** Beanstalk's, for its health. */
  readonly causes: readonly string[]
  readonly logs: readonly { readonly instance: string; readonly lines: readonly string[] }[]
}

/** Beanstalk needs five to fifteen seconds; nobody waits longer than this for what only explains. */
const within: Ms = 60_000
const mostInstances = 2

/**
 * Reads why the environment that failed is not well, and the end of its instances' logs, once; traffic is safe by then.
 * Changes nothing, never throws, and never changes how it ends.
 */
export async function hearLastWords(run: Run): Promise<void> {
  const { ports, record } = run
  const { sick } = record
  if (!sick || record.lastWords || run.signal.aborted) return
  const { id, name } = sick
  const heard: Heard = { environment: name, causes: sick.causes ?? [], logs: [] }
  record.lastWords = heard
  await ports.report.group(titleOf(name), async () => {
    try {
      await inTime(run, within, (signal) => listen(run, heard, signal))
    } catch (thrown) {
      if (!run.signal.aborted) ports.report.line(`They could not be read: ${messageOf(thrown)}`)
    }
    say(run, heard)
  })
  if (heard.logs.length > 0) record.remedies.push(readHere(name))
  else record.remedies.push(readLogs(id))
}

type Heard = { -readonly [key in keyof LastWords]: LastWords[key] }

const titleOf = (name: string): string => `The end of ${name}'s logs`

const readHere = (name: string) => ({
  why: `Read the end of its instances’ logs, in this step's log (“${titleOf(name)}”) or in its summary.`,
})

async function listen(run: Run, heard: Heard, signal: AbortSignal): Promise<void> {
  const { beanstalk, logs } = run.ports
  const { id, name, causes, says } = run.record.sick as NonNullable<Run['record']['sick']>
  if (!causes) heard.causes = await beanstalk.causes(id).catch(() => [])
  if (run.settings.instanceLogs === 'never') return
  // Without knowing what is secret nothing is shown.
  const secrets = secretsIn(await beanstalk.options(name))
  const found = await logs.tail(id, signal)
  const read = await Promise.all(
    namedFirst(found, says).map(async (log) => ({
      instance: log.instance,
      lines: linesThatMatter(masked(await log.read(signal), secrets)),
    })),
  )
  heard.logs = read.filter(({ lines }) => lines.length > 0)
}

/** Of many instances those that Beanstalk complained of. */
function namedFirst(logs: readonly InstanceLog[], says: string): readonly InstanceLog[] {
  const isNamed = ({ instance }: InstanceLog) => says.includes(instance)
  return [...logs.filter(isNamed), ...logs.filter((log) => !isNamed(log))].slice(0, mostInstances)
}

function say({ ports: { report } }: Run, { causes, logs }: LastWords): void {
  for (const cause of causes) report.line(`Beanstalk's cause: ${cause}`)
  for (const { instance, lines } of logs) {
    report.line(`${instance}:`)
    for (const line of lines) report.line(`  ${line}`)
  }
}
