import { readFileSync } from 'node:fs'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Is this a job for a pull request from a fork, and without AWS credentials? GitHub gives such jobs neither secrets nor ID
 * tokens. `pull_request_target` would, and would run a stranger's code with them: it is not for this.
 */
export const isForkWithoutCredentials = (environment: Variables): boolean =>
  isFork(environment) && !hasCredentials(environment)

function isFork({ GITHUB_EVENT_PATH, GITHUB_REPOSITORY }: Variables): boolean {
  if (!GITHUB_EVENT_PATH || !GITHUB_REPOSITORY) return false
  try {
    const { pull_request: pull } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')) as Event
    // The fork may have been deleted meanwhile.
    const from = pull?.head?.repo?.full_name?.toLowerCase()
    return pull !== undefined && from !== GITHUB_REPOSITORY.toLowerCase()
  } catch {
    return false
  }
}

interface Event {
  readonly pull_request?: { readonly head?: { readonly repo?: { readonly full_name?: string } | null } }
}

/** Every place that the SDK's default chain looks into and that is named in the environment, and GitHub's ID tokens. */
const hasCredentials = (environment: Variables): boolean =>
  [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
  ].some((name) => Boolean(environment[name]))
