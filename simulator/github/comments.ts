import { page } from './pages.ts'
import { notFound, Refusal, validationFailed } from './refusals.ts'
import type { Call, GithubAnswer } from './request.ts'
import { object, required, text } from './shape.ts'
import { type Comment, type GithubState, timeOf } from './state.ts'

/** The body of "Create" and "Update an issue comment" [docs.github.com/rest/issues/comments]; a blank one is refused. */
export const commentBody = object({ body: required(text({ max: 65_536 })) })

/** Oldest first, as GitHub lists them. */
export function listComments(state: GithubState, call: Call): GithubAnswer {
  const found = state.comments.filter(
    ({ repository, number }) => repository === call.repository && number === call.id,
  )
  return page(
    call,
    `/repos/${call.repository}/issues/${call.id}/comments`,
    found.map((one) => shown(one, call)),
  )
}

export function createComment(state: GithubState, call: Call): GithubAnswer {
  const comment: Comment = {
    repository: call.repository,
    id: state.nextId++,
    number: call.id,
    body: bodyOf(call),
    user: 'github-actions[bot]',
    created_at: timeOf(call.now),
    updated_at: timeOf(call.now),
  }
  state.comments.push(comment)
  return { status: 201, body: shown(comment, call) }
}

export function updateComment(state: GithubState, call: Call): GithubAnswer {
  const comment = state.comments.find(
    ({ repository, id }) => repository === call.repository && id === call.id,
  )
  if (!comment) throw new Refusal(notFound('issues/comments#update-an-issue-comment'))
  comment.body = bodyOf(call)
  comment.updated_at = timeOf(call.now)
  return { status: 200, body: shown(comment, call) }
}

function bodyOf({ body }: Call): string {
  const given = String(body.body)
  if (given.trim() !== '') return given
  const error = {
    resource: 'IssueComment',
    code: 'unprocessable',
    field: 'data',
    message: 'Body cannot be blank',
  }
  throw new Refusal(validationFailed(error, 'issues/comments'))
}

function shown({ repository, number, user, ...comment }: Comment, { base }: Call): unknown {
  return {
    ...comment,
    url: `${base}/repos/${repository}/issues/comments/${comment.id}`,
    issue_url: `${base}/repos/${repository}/issues/${number}`,
    user: { login: user, type: user.endsWith('[bot]') ? 'Bot' : 'User' },
  }
}
