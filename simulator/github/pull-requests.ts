import { page } from './pages.ts'
import type { Call, GithubAnswer } from './request.ts'
import type { GithubState } from './state.ts'

/** "Get a pull request" [docs.github.com/rest/pulls/pulls]: every number is one, open unless the state says otherwise. */
export const getPullRequest = (state: GithubState, call: Call): GithubAnswer => ({
  status: 200,
  body: pullRequest(state, call.id),
})

/** "List pull requests": those that somebody commented on or closed; open ones unless `state` says otherwise. */
export function listPullRequests(state: GithubState, call: Call): GithubAnswer {
  const wanted = call.query.get('state') ?? 'open'
  const numbers = [...new Set([...state.comments.map(({ number }) => number), ...state.closed])]
  const found = numbers
    .sort((one, other) => other - one)
    .map((number) => pullRequest(state, number))
    .filter((one) => wanted === 'all' || one.state === wanted)
  return page(call, `/repos/${call.repository}/pulls`, found)
}

const pullRequest = ({ closed }: GithubState, number: number) => ({
  number,
  state: closed.has(number) ? 'closed' : 'open',
})
