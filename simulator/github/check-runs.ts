import { invalidRequest, notFound, Refusal, refusal } from './refusals.ts'
import type { Call, GithubAnswer } from './request.ts'
import { address, bytes, list, moment, object, oneOf, optional, position, required, text } from './shape.ts'
import { type CheckRun, type GithubState, isCommit, timeOf } from './state.ts'

const annotation = object({
  path: required(text({ min: 1 })),
  start_line: required(position),
  end_line: required(position),
  start_column: optional(position),
  end_column: optional(position),
  annotation_level: required(oneOf('notice', 'warning', 'failure')),
  message: required(bytes(65_536)),
  title: optional(text({ max: 255 })),
  raw_details: optional(bytes(65_536)),
})

const shared = {
  details_url: optional(address),
  external_id: optional(text()),
  status: optional(oneOf('queued', 'in_progress', 'completed')),
  started_at: optional(moment),
  completed_at: optional(moment),
  conclusion: optional(
    oneOf('action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'),
  ),
  output: optional(
    object({
      title: required(text({ min: 1 })),
      summary: required(text({ max: 65_535 })),
      text: optional(text({ max: 65_535 })),
      annotations: optional(list(annotation, 50)),
    }),
  ),
}

/** The body of "Create a check run" [docs.github.com/rest/checks/runs]. */
export const newCheckRun = object({
  ...shared,
  name: required(text({ min: 1 })),
  head_sha: required(text({ min: 1 })),
})

/** The body of "Update a check run"; annotations are added to those that are there. */
export const changedCheckRun = object({ ...shared, name: optional(text({ min: 1 })) })

const createPage = 'checks/runs#create-a-check-run'

export function createCheckRun(state: GithubState, call: Call): GithubAnswer {
  const { body, repository, now } = call
  const sha = String(body.head_sha)
  if (!isCommit(sha)) throw new Refusal(refusal(422, `No commit found for SHA: ${sha}`, { page: createPage }))
  const run: CheckRun = {
    repository,
    id: state.nextId++,
    head_sha: sha,
    name: '',
    status: 'queued',
    conclusion: null,
    details_url: '',
    external_id: '',
    started_at: timeOf(now),
    completed_at: null,
    output: { title: '', summary: '', text: null },
    annotations: [],
  }
  change(run, call)
  state.checks.push(run)
  return { status: 201, body: shown(run, call) }
}

export function updateCheckRun(state: GithubState, call: Call): GithubAnswer {
  const run = state.checks.find(({ repository, id }) => repository === call.repository && id === call.id)
  if (!run) throw new Refusal(notFound('checks/runs#update-a-check-run'))
  change(run, call)
  return { status: 200, body: shown(run, call) }
}

/** A conclusion completes a run; a completed one needs a conclusion. */
function change(run: CheckRun, { body, now }: Call): void {
  if (body.status === 'completed' && body.conclusion === undefined)
    throw new Refusal(invalidRequest(['"conclusion" wasn\'t supplied.'], createPage))
  for (const name of ['name', 'details_url', 'external_id', 'started_at', 'status'] as const)
    if (body[name] !== undefined) run[name] = String(body[name])
  if (body.conclusion !== undefined) {
    run.status = 'completed'
    run.conclusion = String(body.conclusion)
    run.completed_at = String(body.completed_at ?? timeOf(now))
  }
  const output = body.output as (CheckRun['output'] & { annotations?: CheckRun['annotations'] }) | undefined
  if (!output) return
  run.output = { title: output.title, summary: output.summary, text: output.text ?? null }
  run.annotations.push(...(output.annotations ?? []))
}

function shown({ repository, annotations, ...run }: CheckRun, { base }: Call): unknown {
  const url = `${base}/repos/${repository}/check-runs/${run.id}`
  return { ...run, url, output: { ...run.output, annotations_count: annotations.length } }
}
