import { type Attaching, attachFirst } from './attach.ts'
import { paceOf, underWay, wholeOf } from './move-traffic.ts'
import { rememberedInputs } from './moved-otherwise.ts'
import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import type { FirstPlan } from './stages/plan-first.ts'
import { createFirst } from './stages/prepare-candidate.ts'
import { publishVersion, type Wanted } from './stages/publish-version.ts'
import { verifyCandidate } from './stages/verify-candidate.ts'
import { waitUntil } from './wait-until.ts'

/** The first deployment of a pair: the blue environment is created with the production address and proven there. */
export async function deployFirst(run: Run, plan: FirstPlan, wanted: Wanted): Promise<Ending> {
  await run.stage('Publish version', (stage) => publishVersion(stage, wanted))
  const live = await run.stage('Create first environment', (stage) =>
    createFirst(stage, plan, wanted.version),
  )
  return proveFirst(run, { live, productionName: plan.cname, version: wanted.version })
}

/** What a first deployment left that did not get so far: it is proven where it is, and the name leads to it from then on. */
export async function deployThere(
  run: Run,
  { live, production }: Pick<Plan, 'live' | 'production'>,
  wanted: Wanted,
): Promise<Ending> {
  await run.stage('Publish version', (stage) => publishVersion(stage, wanted))
  return proveFirst(run, { live, productionName: production.cname, version: wanted.version })
}

async function proveFirst(
  run: Run,
  { live, productionName, version }: Pick<Attaching, 'live' | 'productionName'> & Pick<Wanted, 'version'>,
): Promise<Ending> {
  const { journal } = run.ports
  await run.stage('Verify candidate', (stage) =>
    verifyCandidate(stage, { candidate: live, live: undefined, version, canProbe: false }),
  )
  const router = run.ports.routerFor({ ids: [live.id], productionName })
  if (router.moves === 'in-steps')
    await run.stage('Shift traffic', (stage) => pointAt(stage, { router, live, productionName }))
  await journal.write((now) => ({
    ...now,
    pending: [],
    productionName,
    trafficInputs: rememberedInputs(run),
    promotions: [
      {
        at: journal.serverTime(),
        by: 'deploy',
        environment: live.id,
        version: live.version,
        before: undefined,
      },
      ...now.promotions,
    ],
  }))
  return {
    is: 'promoted',
    says: `${live.version} is live on ${live.name}, the first environment of this pair. There is no way back yet: nothing was live before.`,
  }
}

/** Nothing led anywhere, so nobody is moved: users come with the first answer that they get. */
async function pointAt(
  run: Run,
  { router, live, productionName }: Pick<Attaching, 'router' | 'live' | 'productionName'>,
): Promise<void> {
  await attachFirst(run, router, live)
  await waitUntil(run, {
    sentence: `${productionName} leads to ${live.name}`,
    expected: router.takes,
    within: 10 * 60_000,
    look: async () => {
      const now = await router.read()
      if (now.settled && wholeOf(now) === live.id) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: underWay(now), ...paceOf(router) }
    },
  })
}
