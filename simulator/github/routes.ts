import { changedCheckRun, createCheckRun, newCheckRun, updateCheckRun } from './check-runs.ts'
import { commentBody, createComment, listComments, updateComment } from './comments.ts'
import {
  createDeployment,
  createStatus,
  listDeployments,
  listStatuses,
  newDeployment,
  newStatus,
} from './deployments.ts'
import type { Needs } from './permissions.ts'
import { getPullRequest, listPullRequests } from './pull-requests.ts'
import type { Call, GithubAnswer } from './request.ts'
import type { Check } from './shape.ts'
import type { GithubState } from './state.ts'

/** One operation of the REST API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below `/repos/OWNER/NAME`; `#` is a number. */
  readonly path: string
  readonly needs: Needs
  /** The page of docs.github.com/rest that an answer points at. */
  readonly page: string
  readonly body?: Check
  readonly answer: (state: GithubState, call: Call) => GithubAnswer
}

// A comment on a pull request may be read and written with either permission [docs.github.com/rest/issues/comments].
const mayComment: Needs = [
  ['issues', 'write'],
  ['pull-requests', 'write'],
]
const mayReadComments: Needs = [
  ['issues', 'read'],
  ['pull-requests', 'read'],
]

export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/deployments',
    needs: [['deployments', 'write']],
    page: 'deployments/deployments#create-a-deployment',
    body: newDeployment,
    answer: createDeployment,
  },
  {
    method: 'GET',
    path: '/deployments',
    needs: [['deployments', 'read']],
    page: 'deployments/deployments#list-deployments',
    answer: listDeployments,
  },
  {
    method: 'POST',
    path: '/deployments/#/statuses',
    needs: [['deployments', 'write']],
    page: 'deployments/statuses#create-a-deployment-status',
    body: newStatus,
    answer: createStatus,
  },
  {
    method: 'GET',
    path: '/deployments/#/statuses',
    needs: [['deployments', 'read']],
    page: 'deployments/statuses#list-deployment-statuses',
    answer: listStatuses,
  },
  {
    method: 'POST',
    path: '/check-runs',
    needs: [['checks', 'write']],
    page: 'checks/runs#create-a-check-run',
    body: newCheckRun,
    answer: createCheckRun,
  },
  {
    method: 'PATCH',
    path: '/check-runs/#',
    needs: [['checks', 'write']],
    page: 'checks/runs#update-a-check-run',
    body: changedCheckRun,
    answer: updateCheckRun,
  },
  {
    method: 'GET',
    path: '/issues/#/comments',
    needs: mayReadComments,
    page: 'issues/comments#list-issue-comments',
    answer: listComments,
  },
  {
    method: 'POST',
    path: '/issues/#/comments',
    needs: mayComment,
    page: 'issues/comments#create-an-issue-comment',
    body: commentBody,
    answer: createComment,
  },
  {
    method: 'PATCH',
    path: '/issues/comments/#',
    needs: mayComment,
    page: 'issues/comments#update-an-issue-comment',
    body: commentBody,
    answer: updateComment,
  },
  {
    method: 'GET',
    path: '/pulls/#',
    needs: [['pull-requests', 'read']],
    page: 'pulls/pulls#get-a-pull-request',
    answer: getPullRequest,
  },
  {
    method: 'GET',
    path: '/pulls',
    needs: [['pull-requests', 'read']],
    page: 'pulls/pulls#list-pull-requests',
    answer: listPullRequests,
  },
]

/** The route of a request, with what its path says. */
export function routeOf(
  method: string,
  path: string,
): { readonly route: Route; readonly repository: string; readonly id: number } | undefined {
  const [, repository, below = ''] = /^\/repos\/([\w.-]+\/[\w.-]+)(\/.*)$/.exec(path) ?? []
  if (repository === undefined) return undefined
  const id = Number(/\/(\d+)(?=\/|$)/.exec(below)?.[1] ?? 0)
  const shape = below.replace(/\/\d+(?=\/|$)/, '/#')
  const route = routes.find((one) => one.method === method && one.path === shape)
  return route && { route, repository, id }
}
