import { page } from './pages.ts'
import { notFound, Refusal, refusal } from './refusals.ts'
import type { Call, GithubAnswer } from './request.ts'
import { address, anything, list, object, oneOf, optional, required, text, yesOrNo } from './shape.ts'
import { type Deployment, type DeploymentStatus, type GithubState, isCommit, timeOf } from './state.ts'

/** The body of "Create a deployment" [docs.github.com/rest/deployments/deployments]. */
export const newDeployment = object({
  ref: required(text({ min: 1 })),
  task: optional(text({ max: 100 })),
  auto_merge: optional(yesOrNo),
  required_contexts: optional(list(text())),
  payload: optional(anything),
  environment: optional(text({ max: 255 })),
  description: optional(text({ max: 140 })),
  transient_environment: optional(yesOrNo),
  production_environment: optional(yesOrNo),
})

/** The body of "Create a deployment status" [docs.github.com/rest/deployments/statuses]. */
export const newStatus = object({
  state: required(oneOf('error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success')),
  target_url: optional(address),
  log_url: optional(address),
  environment_url: optional(address),
  description: optional(text({ max: 140 })),
  environment: optional(text({ max: 255 })),
  auto_inactive: optional(yesOrNo),
})

const createPage = 'deployments/deployments#create-a-deployment'

/** A merge and checks come first unless the request says otherwise, and in a running job neither can go well. */
export function createDeployment(state: GithubState, call: Call): GithubAnswer {
  const { body, repository, now } = call
  const ref = String(body.ref)
  if (!isCommit(ref) && ref !== 'main')
    throw new Refusal(refusal(422, `No ref found for: ${ref}`, { page: createPage }))
  if (body.auto_merge !== false && ref !== 'main')
    throw new Refusal(refusal(409, `Conflict merging main into ${ref}.`, { page: createPage }))
  const contexts = body.required_contexts as readonly string[] | undefined
  if (contexts === undefined || contexts.length > 0)
    throw new Refusal(refusal(409, `Conflict: Commit status checks failed for ${ref}.`, { page: createPage }))
  const environment = String(body.environment ?? 'production')
  const deployment: Deployment = {
    repository,
    id: state.nextId++,
    sha: isCommit(ref) ? ref : '0'.repeat(40),
    ref,
    task: String(body.task ?? 'deploy'),
    environment,
    description: String(body.description ?? ''),
    payload: body.payload ?? {},
    transient_environment: body.transient_environment === true,
    production_environment: (body.production_environment ?? environment === 'production') === true,
    created_at: timeOf(now),
    statuses: [],
  }
  state.deployments.push(deployment)
  return { status: 201, body: shown(deployment, call) }
}

/** Newest first. */
export function listDeployments(state: GithubState, call: Call): GithubAnswer {
  const { query, repository } = call
  const wanted = (['sha', 'ref', 'task', 'environment'] as const).flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const found = state.deployments.filter(
    (one) => one.repository === repository && wanted.every(([name, value]) => one[name] === value),
  )
  return page(
    call,
    `/repos/${repository}/deployments`,
    found.reverse().map((one) => shown(one, call)),
  )
}

/** A success makes earlier deployments inactive, but not those to production environments. */
export function createStatus(state: GithubState, call: Call): GithubAnswer {
  const { body, now } = call
  const deployment = find(state, call)
  const status: DeploymentStatus = {
    id: state.nextId++,
    state: String(body.state),
    description: String(body.description ?? ''),
    environment: String(
      body.environment ?? deployment.statuses.at(-1)?.environment ?? deployment.environment,
    ),
    environment_url: String(body.environment_url ?? ''),
    log_url: String(body.log_url ?? body.target_url ?? ''),
    created_at: timeOf(now),
  }
  deployment.statuses.push(status)
  if (status.state === 'success' && body.auto_inactive !== false)
    for (const prior of state.deployments.filter((one) => isOverBy(one, deployment)))
      prior.statuses.push({
        ...status,
        id: state.nextId++,
        state: 'inactive',
        environment: prior.environment,
      })
  return { status: 201, body: status }
}

const isOverBy = (prior: Deployment, by: Deployment): boolean =>
  prior.repository === by.repository &&
  prior.id < by.id &&
  prior.environment === by.environment &&
  !prior.transient_environment &&
  !prior.production_environment &&
  prior.statuses.at(-1)?.state === 'success'

/** Newest first. */
export function listStatuses(state: GithubState, call: Call): GithubAnswer {
  const { repository, id, statuses } = find(state, call)
  return page(call, `/repos/${repository}/deployments/${id}/statuses`, [...statuses].reverse())
}

function find(state: GithubState, { repository, id }: Call): Deployment {
  const found = state.deployments.find((one) => one.repository === repository && one.id === id)
  if (!found) throw new Refusal(notFound('deployments/statuses'))
  return found
}

function shown(deployment: Deployment, { base }: Call): unknown {
  const { repository, statuses, ...rest } = deployment
  const url = `${base}/repos/${repository}/deployments/${rest.id}`
  return {
    ...rest,
    url,
    statuses_url: `${url}/statuses`,
    updated_at: statuses.at(-1)?.created_at ?? rest.created_at,
  }
}
