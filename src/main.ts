import { connect } from './connect.ts'
import { deploy } from './deployment/deploy.ts'
import { dryRun } from './deployment/dry-run.ts'
import type { Operation } from './deployment/operate.ts'
import { promote } from './deployment/promote.ts'
import { recover } from './deployment/recover.ts'
import { retire } from './deployment/retire.ts'
import { rollback } from './deployment/rollback.ts'
import type { OperationName } from './deployment/settings.ts'
import { status } from './deployment/status.ts'
import { verify } from './deployment/verify.ts'
import { audienceOf } from './github/audience.ts'
import { isForkWithoutCredentials } from './github/fork.ts'
import { publish, publishSkipped, publishThrown } from './github/publish.ts'
import { issuesOf, runIdentity } from './github/run-identity.ts'
import { workflowsOf } from './github/workflow.ts'
import { readInputs } from './inputs.ts'
import type { World } from './world.ts'

/** What the lock says when its holder stopped renewing it: long enough for a paused runner, short enough to wait for. */
const lockTtl = 5 * 60_000

const operations: Readonly<Record<OperationName, Operation>> = {
  deploy,
  verify,
  promote,
  rollback,
  retire,
  recover,
  status,
}

/** The step: inputs → ports → operation → outcome. */
export async function main(world: World): Promise<void> {
  const { toolkit, environment } = world
  const nonce = newNonce(world)
  toolkit.saveState('nonce', nonce)
  try {
    if (toolkit.getInput('operation') === 'verify' && isForkWithoutCredentials(environment)) {
      toolkit.saveState('ended', 'skipped')
      return await publishSkipped(toolkit, forkIsNotVerified)
    }
    const { settings, connection, telling } = readInputs(toolkit, environment)
    const holder = {
      ...runIdentity(environment),
      nonce,
      ttl: lockTtl,
      operation: settings.operation,
      baking: false,
    }
    const ports = await connect(world, { settings, connection, holder })
    const audience = audienceOf(world, { settings, region: connection.region, ...telling })
    const asked = operations[settings.operation]
    const listened = { ...ports, report: audience.listening(ports.report) }
    const outcome = await (settings.dryRun ? dryRun(asked) : asked)(listened, settings)
    if (!world.cancelled.aborted) toolkit.saveState('ended', outcome.is)
    const told = outcome.pair
      ? { ...outcome, workflows: workflowsOf({ settings, connection, environment, ...outcome }) }
      : outcome
    await publish(toolkit, told, issuesOf(environment))
    await audience.ended(outcome)
  } catch (thrown) {
    // Operations answer with an outcome; what is thrown comes from before the first call to AWS.
    toolkit.saveState('ended', 'failed')
    await publishThrown(toolkit, thrown, issuesOf(environment))
  }
}

/** Secrets and ID tokens are not given to pull requests from forks [GitHub docs, "Secure use reference"]. */
const forkIsNotVerified =
  'This pull request comes from a fork, and GitHub gives such jobs no AWS credentials: nothing was deployed, and nothing was verified. A merge queue, or a branch of this repository with the same commits, verifies it.'

/** Marks what this run creates, so that a later one knows it as ours: twelve letters and digits. */
function newNonce({ random }: World): string {
  return Array.from({ length: 12 }, () => Math.floor(random() * 36).toString(36)).join('')
}
