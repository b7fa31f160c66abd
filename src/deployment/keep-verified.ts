import { describe, type Environment } from './environment.ts'
import { messageOf } from './errors.ts'
import { forgetEnded } from './gone.ts'
import { holdOf } from './hold-capacity.ts'
import { nextStep } from './next-step.ts'
import type { Ending } from './outcome.ts'
import { lastMoveAt } from './promotions.ts'
import { resize } from './resize.ts'
import { intend, type Run, settled, warn } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { terminate } from './terminate.ts'
import { waitUntilUnused } from './unused.ts'
import { isForVerificationOnly } from './verification-only.ts'
import { inWords } from './wait-until.ts'
import { wayBackIn } from './way-back.ts'

/** The verification stands: from here on trouble is a warning. The candidate is kept, made small, or ended, as was asked. */
export async function keepVerified(run: Run, plan: Plan, candidate: Environment): Promise<Ending> {
  const { journal } = run.ports
  const { version, afterVerify } = run.settings
  await journal.write((now) => ({ ...now, pending: [] }))
  const isTheWayBack = wayBackIn(run, candidate) !== undefined
  if (afterVerify === 'keep' || isTheWayBack) sayKept(run, candidate)
  else await retire(run, plan, candidate)
  if (afterVerify !== 'terminate' || isTheWayBack) sayHowToPromote(run, candidate)
  if (run.record.wayBackEnded !== undefined) run.record.left.push(run.record.wayBackEnded)
  return {
    is: 'verified',
    says: `${version} is verified in ${candidate.name}. Production stays on ${describe(plan.live)}.`,
  }
}

function sayKept({ record }: Run, candidate: Environment): void {
  record.left.push(
    `${describe(candidate)} stays, at its own size: \`promote\` brings it to live's before production moves`,
  )
}

/** Said as what would be done, in lines that can be pasted. */
function sayHowToPromote(run: Run, candidate: Environment): void {
  const { record, settings } = run
  if (isForVerificationOnly(candidate)) {
    record.left.push(
      `${candidate.name} is for verification only: it was created without live's environment properties (\`copy-variables\`), and is never promoted`,
    )
    return
  }
  record.remedies.push({
    why: `Let it go live, within ${inWords(settings.maxVerifiedAge)} (\`max-verified-age\`), as long as nothing is changed in either environment: \`promote\` brings ${candidate.name} to the capacity of live, looks at its health again, and moves production without repeating the tests.`,
    workflow: nextStep(run, 'promote'),
  })
}

async function retire(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const { journal } = run.ports
  try {
    await run.stage('Retire candidate', (stage) =>
      run.settings.afterVerify === 'terminate' ? end(stage, plan, candidate) : scaleDown(stage, candidate),
    )
  } catch (thrown) {
    if (journal.lost.aborted || run.signal.aborted) throw thrown
    warn(
      run,
      `${describe(candidate)} is verified, but could not be retired: ${messageOf(thrown)} End it with: aws elasticbeanstalk terminate-environment --environment-id ${candidate.id}`,
    )
  }
}

/** Down to one instance; the bounds before stay remembered until it is used again. */
async function scaleDown(run: Run, candidate: Environment): Promise<void> {
  const { capacity, journal } = run.ports
  const group = await capacity.read(candidate.id)
  if (!group || (group.min <= 1 && group.desired <= 1)) return sayKept(run, candidate)
  const effect = holdOf(candidate.id, group, 1)
  await journal.write((now) => ({ ...now, kept: [effect, ...now.kept] }))
  run.signal.throwIfAborted()
  await resize(run, group.name, { ...effect.after, desired: 1 })
  run.record.left.push(
    `${describe(candidate)} stays, scaled down to one instance (before: at least ${group.min})`,
  )
}

/** Asked for, not waited for: a gate need not wait five minutes for the end of what it has tested. */
async function end(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const { id, name } = candidate
  const { routerFor } = run.ports
  const { clientsFollowWithin } = routerFor({
    ids: [plan.live.id, id],
    productionCname: plan.production.cname,
  })
  const use = await waitUntilUnused(run, {
    id,
    name,
    followedAt: lastMoveAt(run) + clientsFollowWithin,
    within: run.settings.drainTimeout,
  })
  if (use.is === 'used') {
    warn(run, `${name} still serves ${use.perSecond.toFixed(1)} requests a second: it is left as it is.`)
    return
  }
  const effect = await intend(run, { what: 'terminate', way: 'finish', environment: id, name })
  await terminate(run, id)
  forgetEnded(run, candidate)
  await settled(run, effect)
  run.record.left.push(`${name} (${id}) is being terminated (after-verify: terminate)`)
}
