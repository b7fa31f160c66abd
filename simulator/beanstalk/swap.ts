import { AwsError, type Call } from '../cloud.ts'
import { strikeAfterSwap } from './after-swap.ts'
import { callByItself } from './call-by-itself.ts'
import { changeStatus } from './describe-environments.ts'
import { invalid } from './errors.ts'
import { sayer } from './events.ts'
import { findEnvironment, requireReady } from './find.ts'
import { colourOf } from './health/colour.ts'
import { updateWhenOrdered } from './managed-update.ts'
import type { Environment, Region } from './region.ts'
import { followNames } from './shared-load-balancer.ts'
import { timeline } from './timeline.ts'

/**
 * `SwapEnvironmentCNAMEs`: exchanges the CNAMEs of two environments and nothing else, within 4 to 6 s, in the background.
 * Not idempotent: a second call swaps back. [DG:using-features.CNAMESwap] [DG:eb3-swap]
 */
export function swapEnvironmentCnames(region: Region, input: SwapInput, call: Call): undefined {
  const [source, destination] = findBoth(region, input)
  for (const environment of [source, destination]) {
    requireReady(environment)
    if (environment.cname === undefined) throw invalid('Environment does not support a cname')
    const red = colourOf(environment.health.status) === 'Red'
    if (red && region.cloud.switches.swapWhenRed === 'refused') {
      throw invalid(
        `Environment named ${environment.name} is in an invalid health state for this operation. Must not be Red.`,
      )
    }
  }
  if (source === destination) throw invalid('The source and the destination environment must be different.')
  if (source.application !== destination.application) {
    throw invalid('The source and the destination environment must belong to the same application.')
  }
  void exchange(region, { source, destination, call })
  return undefined
}

interface SwapInput {
  readonly SourceEnvironmentId?: string
  readonly SourceEnvironmentName?: string
  readonly DestinationEnvironmentId?: string
  readonly DestinationEnvironmentName?: string
}

/** Ids with ids or names with names. [docs.aws.amazon.com API_SwapEnvironmentCNAMEs] */
function findBoth(region: Region, input: SwapInput): readonly [Environment, Environment] {
  const { SourceEnvironmentId, SourceEnvironmentName, DestinationEnvironmentId, DestinationEnvironmentName } =
    input
  const byIds = SourceEnvironmentId !== undefined && DestinationEnvironmentId !== undefined
  const byNames = SourceEnvironmentName !== undefined && DestinationEnvironmentName !== undefined
  if (!byIds && !byNames) {
    throw new AwsError(
      'InvalidParameterCombination',
      'You must specify the SourceEnvironmentId with the DestinationEnvironmentId, or the SourceEnvironmentName with the DestinationEnvironmentName.',
    )
  }
  return [
    findEnvironment(region, { EnvironmentId: SourceEnvironmentId, EnvironmentName: SourceEnvironmentName }),
    findEnvironment(region, {
      EnvironmentId: DestinationEnvironmentId,
      EnvironmentName: DestinationEnvironmentName,
    }),
  ]
}

interface Pair {
  readonly source: Environment
  readonly destination: Environment
  readonly call: Call
}

async function exchange(region: Region, { source, destination, call }: Pair): Promise<void> {
  const { clock, random, switches } = region.cloud
  const both = [source, destination] as const
  const lines = both.map((environment) => sayer(region, environment, call))
  const sayBoth = (message: string) => {
    for (const line of lines) line.info(message)
  }
  const newNames = [destination.cname, source.cname]
  const names = `'${source.name}' and '${destination.name}'`

  for (const environment of both) {
    environment.busy = true
    if (switches.statusWhileSwapping === 'Updating') changeStatus(region, environment, 'Updating')
  }
  sayBoth('swapEnvironmentCNAMEs is starting.')
  const until = timeline(region)
  await until(0.6)
  sayBoth(`Swapping CNAMEs for environments ${names}.`)
  // Each side changes at its own moment, so that a read in between may see old, mixed or new names.
  await Promise.all(
    both.map(async (environment, index) => {
      await clock.sleep(500 + random() * 2_500)
      environment.cname = newNames[index]
      region.names.set((newNames[index] ?? '').toLowerCase(), environment)
      lines[index]?.info(`'${environment.cname}' now points to '${environment.endpoint}'.`)
    }),
  )
  // One front for both: its rules change together, or a name would have no answer for a while (assumed).
  await followNames(region, both)
  await until(5)
  sayBoth(`Completed swapping CNAMEs for environments ${names}.`)
  for (const environment of both) {
    environment.busy = false
    if (environment.status === 'Updating') changeStatus(region, environment, 'Ready')
  }
  await strikeAfterSwap(region, both, () => swapBack(region, { source, destination }))
  for (const environment of both) updateWhenOrdered(region, environment)
}

function swapBack(region: Region, { source, destination }: Omit<Pair, 'call'>): void {
  const input = { SourceEnvironmentId: source.id, DestinationEnvironmentId: destination.id }
  swapEnvironmentCnames(region, input, callByItself(region, 'SwapEnvironmentCNAMEs'))
}
