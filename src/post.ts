import { connect } from './connect.ts'
import { settleCancelled } from './deployment/recover.ts'
import { audienceOf } from './github/audience.ts'
import { publish } from './github/publish.ts'
import { issuesOf, runIdentity } from './github/run-identity.ts'
import { readInputs } from './inputs.ts'
import type { World } from './world.ts'

/** The runner gives the post step no limit of its own, but a cancelled job is ended after five minutes. */
const postTime = 4 * 60_000

/** Settles what a cancelled or killed main left, traffic first. Does nothing, and calls nobody, when main had ended. */
export async function post(world: World): Promise<void> {
  const { toolkit, environment } = world
  if (toolkit.getState('ended') !== '') return
  const { settings: asked, connection, telling } = readInputs(toolkit, environment)
  // What changed nothing leaves nothing open, and what others left is not its to settle.
  if (asked.dryRun || asked.operation === 'status') return
  const settings = { ...asked, timeout: postTime, waitForReady: postTime / 2, lockWait: 0 }
  const holder = {
    ...runIdentity(environment),
    nonce: toolkit.getState('nonce'),
    ttl: postTime,
    operation: 'post',
    baking: false,
  }
  const ports = await connect(world, { settings, connection, holder })
  const outcome = await settleCancelled(ports, settings)
  await publish(toolkit, outcome, issuesOf(environment))
  await audienceOf(world, { settings, region: connection.region, ...telling }).ended(outcome)
}
