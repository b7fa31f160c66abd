import { sickness } from '../causes.ts'
import { countRequests } from '../count-requests.ts'
import { withArrival } from '../effects.ts'
import { type Environment, worseOf } from '../environment.ts'
import { Failure } from '../errors.ts'
import { expectationGate } from '../expectation-gate.ts'
import { healthGate, productionGate, proofGate, proofName, type Question, routeGate } from '../gates.ts'
import { type Gate, hold } from '../hold.ts'
import type { Ms, TrafficRouter } from '../ports.ts'
import { ownAnswer } from '../proof.ts'
import { recordStep } from '../record-step.ts'
import { type Run, warn } from '../run.ts'
import { seldom, someTimesIn } from '../seldom.ts'
import { staysBehind } from '../stays-behind.ts'
import { inWords } from '../wait-until.ts'
import type { Plan } from './plan.ts'

/** How much longer than planned the bake may last when a gate cannot be read, in ms. */
export const grace: Ms = 5 * 60_000

/** What bakes: the new live, reached by this router, and the plan that says what was live before. */
export interface Baking {
  readonly plan: Plan
  readonly live: Environment
  readonly router: TrafficRouter
}

/** Watches the new live under real traffic. Throws when a gate fails; taking traffic back is the operation's. */
export async function bake(run: Run, { plan, live, router }: Baking): Promise<void> {
  const { journal } = run.ports
  const { bakeTime, failureThreshold, minimumHealth } = run.settings
  await journal.write((now) => ({
    ...withArrival(now),
    holder: now.holder && { ...now.holder, baking: true },
  }))
  const gates: Gate[] = [
    healthGate(run, {
      live: live.id,
      standby: plan.live.id,
      minimum: worseOf(minimumHealth, plan.live.health),
    }),
    router.moves === 'whole'
      ? routeGate(router, live.id)
      : seldom(run, someTimesIn(bakeTime), routeGate(router, live.id)),
  ]
  if (run.record.watch) gates.push(productionGate(run, run.record.watch, controls(run, plan)))
  gates.push(...proofGates(run, { plan, live, router }))
  const began = run.ports.clock.now()
  const count = countRequests(run, { sides: [live, plan.live], from: began + router.clientsFollowWithin })
  if (router.moves === 'in-steps') gates.push(seldom(run, someTimesIn(bakeTime), count.gate))
  const failed = await hold(run, {
    gates,
    for: bakeTime,
    every: Math.min(15_000, Math.max(5_000, bakeTime / 20)),
    threshold: failureThreshold,
    grace,
  })
  if (router.moves === 'in-steps') recordStep(run, { percent: 100, count, began, failed })
  if (failed !== undefined) {
    // If a rollback took over, that is why: finding out is this write's business.
    await journal.write((now) => now)
    const { share } = await router.read()
    if (share[plan.live.id] === 100) throw movedBack(plan, live)
    const behind = failed.includes(`${proofName}: `) ? await staysBehind(run, plan) : undefined
    if (behind) throw behind
    throw await sickness(run, live, { says: `${live.name} failed under real traffic: ${failed}.` })
  }
  sayProof(run, live, router)
  sayBlind(run, live)
  run.ports.report.line(`${live.name} held for ${inWords(bakeTime)}.`)
}

/** What tells that it is the new environment that answers; the address does where nothing better is known. */
function proofGates(run: Run, { plan, live, router }: Baking): readonly Gate[] {
  const { settings, record } = run
  const { host, isResolvable, showsVersion } = plan.production
  const since = {
    environment: live.id,
    from: run.ports.clock.now(),
    dueAfter: 3 * router.clientsFollowWithin,
  }
  const gates: Gate[] = []
  if (settings.productionExpect && record.watch && live.version !== undefined)
    gates.push(
      expectationGate(run, {
        ...since,
        watch: record.watch,
        expectation: settings.productionExpect,
        version: live.version,
        isSure: showsVersion,
      }),
    )
  if (isResolvable && live.endpoint !== undefined && !(gates.length > 0 && showsVersion))
    gates.push(proofGate(run, { ...since, productionHost: host, endpoint: live.endpoint }))
  return gates
}

const movedBack = ({ live: before }: Plan, live: Environment): Failure =>
  new Failure(
    `Somebody moved production back to ${before.name} during the bake: ${live.version} has no traffic any more, and stays on ${live.name}.`,
    [
      {
        why: 'If that was on purpose, there is nothing to do. If not, deploy it once more: it is proven and baked anew.',
      },
    ],
  )

/** Where the old side is asked: at its plain address, and as users ask it, since one that serves HTTPS only is silent there. */
export function controls({ settings }: Run, { live: { endpoint }, production }: Plan): readonly Question[] {
  if (!endpoint) return []
  const plain = { url: `http://${endpoint}${settings.healthPath}` }
  return production.host === production.cname ? [plain] : [plain, { url: production.url, at: endpoint }]
}

/** Production answered at first and does not any more, nor does the other side: going back would help nobody. */
function sayBlind(run: Run, live: Environment): void {
  const last = run.record.watch?.last()
  if (last?.is !== 'fail') return
  warn(
    run,
    `Production answered from here after the switch, and does not any more; neither does the other environment: ${last.saw}. Beanstalk finds ${live.name} well, so traffic stays. Look from elsewhere: curl -i ${run.record.productionUrl}`,
  )
}

/** Says what is known when addresses could not be compared. */
function sayProof(run: Run, live: Environment, router: TrafficRouter): void {
  if (run.record.proof !== undefined) return
  run.record.proof = ownAnswer(router, run.record.productionName, live)
  if (!run.record.watch)
    warn(
      run,
      "The production address does not answer from here as users see it, so what users saw was not measured; Beanstalk's health was watched alone.",
    )
}
