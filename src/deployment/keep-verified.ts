import { askToEnd } from './ask-to-end.ts'
import { describe, type Environment } from './environment.ts'
import { Conflict, messageOf } from './errors.ts'
import { forgetEnded } from './gone.ts'
import { nextStep } from './next-step.ts'
import type { Ending } from './outcome.ts'
import type { Instant } from './ports.ts'
import { lastMoveAt } from './promotions.ts'
import { putAway } from './put-away.ts'
import { type Run, settled, warn } from './run.ts'
import type { Plan } from './stages/plan.ts'
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
      run.settings.afterVerify === 'terminate'
        ? end(stage, plan, candidate)
        : scaleDown(stage, plan, candidate),
    )
  } catch (thrown) {
    if (journal.lost.aborted || run.signal.aborted) throw thrown
    // What has production by now is not to be ended by anybody.
    const remedy =
      thrown instanceof Conflict
        ? ''
        : ` End it with: aws elasticbeanstalk terminate-environment --environment-id ${candidate.id}`
    warn(run, `${describe(candidate)} is verified, but could not be retired: ${messageOf(thrown)}${remedy}`)
  }
}

/** Down to one instance; the bounds before stay remembered until it is used again. */
async function scaleDown(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const group = await run.ports.capacity.read(candidate.id)
  if (!group || (group.min <= 1 && group.desired <= 1)) return sayKept(run, candidate)
  const use = await putAway(run, {
    target: candidate,
    how: 'scale-down',
    productionName: plan.production.cname,
    followedAt: leftAt(run, plan, candidate),
  })
  if (use.is === 'used') sayUsed(run, candidate, use.perSecond)
}

/** When the last DNS answer that leads to it expires, by S3's clock. */
function leftAt(run: Run, { live, production }: Plan, { id }: Environment): Instant {
  const { clientsFollowWithin } = run.ports.routerFor({
    ids: [live.id, id],
    productionName: production.cname,
  })
  return lastMoveAt(run) + clientsFollowWithin
}

function sayUsed(run: Run, { name }: Environment, perSecond: number): void {
  warn(run, `${name} still serves ${perSecond.toFixed(1)} requests a second: it is left as it is.`)
}

/** Asked for, not waited for: a gate need not wait five minutes for the end of what it has tested. */
async function end(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const { id, name } = candidate
  const followedAt = leftAt(run, plan, candidate)
  const use = await waitUntilUnused(run, { id, name, followedAt, within: run.settings.drainTimeout })
  if (use.is === 'used') return sayUsed(run, candidate, use.perSecond)
  await settled(run, await askToEnd(run, { environment: id, name }))
  forgetEnded(run, candidate)
  run.record.left.push(`${name} (${id}) is being terminated (after-verify: terminate)`)
}
