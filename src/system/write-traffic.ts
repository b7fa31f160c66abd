import type { Environment } from '../deployment/environment.ts'
import { Failure } from '../deployment/errors.ts'
import type { Route } from '../deployment/ports.ts'
import { type Asking, commandWithin, howItEnded } from './read-traffic.ts'
import { whatIsWhat } from './what-is-what.ts'

/**
 * Lets the user's command send traffic where `share` says: whole per cent by id. Answers what went wrong, if anything did;
 * what became of it only reading can tell.
 */
export async function writeTraffic(
  asking: Asking,
  members: readonly Environment[],
  share: Route['share'],
): Promise<string | undefined> {
  const { run, write, shell, signal, quote } = asking
  const [blue, green] = asking.names
  const percentOf = (name: string) => {
    const id = asking.pair.ids.find((one) =>
      members.some((member) => member.id === one && member.name === name),
    )
    return id === undefined ? 0 : (share[id] ?? 0)
  }
  const [toBlue, toGreen] = [percentOf(blue), percentOf(green)]
  if (toBlue + toGreen !== 100)
    throw new Failure(`Traffic can only be sent to ${blue} and ${green}, and other environments were meant.`)
  const variables = {
    ...whatIsWhat(asking, members),
    BLUE_WEIGHT: String(toBlue),
    GREEN_WEIGHT: String(toGreen),
    LIVE_ENVIRONMENT: toGreen > toBlue ? green : blue,
  }
  const ran = await run({
    command: write,
    prints: 'into the log',
    shell,
    signal,
    within: commandWithin,
    variables,
  })
  return ran.is === 'passed'
    ? undefined
    : `\`write-traffic-command\` failed: ${howItEnded(ran, quote).replace(/\.$/, '')}`
}
