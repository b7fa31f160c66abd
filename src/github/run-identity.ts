import { hostname, userInfo } from 'node:os'

type Variables = Readonly<Record<string, string | undefined>>

/** Who works, for people and for the lock: repository, run and attempt with a link, else who and where. */
export function runIdentity(environment: Variables): {
  readonly run: string
  readonly link: string | undefined
} {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = '1' } = environment
  if (!repository || !id) return { run: `${user(environment)}@${hostname()}`, link: undefined }
  const page = `${server(environment)}/${repository}/actions/runs/${id}`
  return { run: `${repository} run ${id} attempt ${attempt}`, link: `${page}/attempts/${attempt}` }
}

/** Where a mistake in this action is reported; undefined outside of a workflow. */
export function issuesOf(environment: Variables): string | undefined {
  // Empty for `uses: ./`; the user's own repository is the wrong place then.
  const repository = environment.GITHUB_ACTION_REPOSITORY
  return repository ? `${server(environment)}/${repository}/issues` : undefined
}

const server = ({ GITHUB_SERVER_URL: url }: Variables): string =>
  (url || 'https://github.com').replace(/\/+$/, '')

/** Containers run with user ids that have no name. */
function user(environment: Variables): string {
  try {
    return userInfo().username
  } catch {
    return environment.USER || 'somebody'
  }
}
