import type { Member, Outcome } from '../deployment/outcome.ts'
import type { Rest } from './client.ts'
import { type Deployments, deploymentsOf, type Known } from './known-deployments.ts'
import { oneLine } from './text.ts'

type State = 'in_progress' | 'success' | 'failure' | 'inactive'

const needs = 'deployments: write'

/** Tells that the commit is being deployed. Answers its number, if GitHub took it. */
export async function beginDeployment(where: Deployments): Promise<number | undefined> {
  const { client, context, deployed } = where
  const { environment, pair, version } = deployed
  const made = await client.tell<{ readonly id?: number }>({
    needs,
    what: 'the deployment',
    repeatable: false,
    send: (rest, request) =>
      rest.repos.createDeployment({
        ...context.repo,
        ref: context.commit,
        // Otherwise GitHub would merge first, and wait for this very job.
        auto_merge: false,
        required_contexts: [],
        environment,
        production_environment: true,
        description: oneLine(`${version} on ${pair}`, 140),
        payload: { 'beanstalk-blue-green': 1, pair, version },
        request,
        // The other answer, that GitHub merged something, needs `auto_merge`.
      }) as Promise<{ readonly data: { readonly id?: number } }>,
  })
  const id = made?.id
  if (id !== undefined)
    await setState(where, id, { state: 'in_progress', says: `${version} is being brought up` })
  return id
}

/** Tells how the deployment ended; when its version is live, no other of the pair is shown as active any more. */
export async function endDeployment(where: Deployments, id: number, outcome: Outcome): Promise<void> {
  const { live } = outcome
  const isLive = live !== undefined && live.version === where.deployed.version
  await setState(where, id, {
    state: isLive ? 'success' : 'failure',
    says: isLive ? nameOf(live) : outcome.says,
    ...urlOf(outcome),
  })
  if (isLive) await endOthers(where, { except: id, live })
}

/** After a rollback, or when somebody settled what another run left: what is live again is shown so. */
export async function showLive(where: Deployments, outcome: Outcome): Promise<void> {
  const { live } = outcome
  if (!live) return
  const known = await deploymentsOf(where)
  const found = known.find(({ version }) => version === live.version)
  if (found && found.state !== 'success')
    await setState(where, found.id, { state: 'success', says: nameOf(live), ...urlOf(outcome) })
  await endOthers(where, { except: found?.id, live, known })
}

async function endOthers(
  where: Deployments,
  { except, live, known }: { except: number | undefined; live: Member; known?: readonly Known[] },
): Promise<void> {
  const others = (known ?? (await deploymentsOf(where))).filter(({ id }) => id !== except)
  const says = `${nameOf(live)} instead`
  for (const { id, state } of others) {
    if (state === 'success') await setState(where, id, { state: 'inactive', says })
    // Its run ended without a word.
    if (state === 'in_progress') await setState(where, id, { state: 'failure', says })
  }
}

type NewStatus = NonNullable<Parameters<Rest['repos']['createDeploymentStatus']>[0]>

async function setState(
  { client, context, deployed }: Deployments,
  id: number,
  { state, says, url }: { readonly state: State; readonly says: string; readonly url?: string },
): Promise<void> {
  const status: NewStatus = {
    ...context.repo,
    deployment_id: id,
    state,
    description: oneLine(says, 140),
    // By GitHub's own rule other pairs in the same environment would become inactive, and production ones never.
    auto_inactive: false,
    ...(deployed.log !== undefined && { log_url: deployed.log }),
    ...(url !== undefined && { environment_url: url }),
  }
  await client.tell({
    needs,
    what: `the deployment's state (${state})`,
    repeatable: true,
    send: (rest, request) => rest.repos.createDeploymentStatus({ ...status, request }),
  })
}

const nameOf = ({ name, id, version }: Member): string => `${version ?? 'no version'} on ${name} (${id})`

/** Where users go, not the path that is probed. */
function urlOf({ productionUrl, productionName }: Outcome): { readonly url?: string } {
  const url = productionUrl ?? (productionName && `http://${productionName}`)
  return url && URL.canParse(url) ? { url: new URL(url).origin } : {}
}
