import { pullRequestOf } from './event.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Is this a job for a pull request from a fork, and without AWS credentials? GitHub gives such jobs neither secrets nor ID
 * tokens. `pull_request_target` would, and would run a stranger's code with them: it is not for this.
 */
export const isForkWithoutCredentials = (environment: Variables): boolean =>
  pullRequestOf(environment)?.isFromFork === true && !hasCredentials(environment)

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
