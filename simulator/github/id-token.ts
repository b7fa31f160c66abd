import type { GithubAnswer, GithubRequest } from './request.ts'

/** Where ACTIONS_ID_TOKEN_REQUEST_URL points, below this GitHub's address. */
export const idTokenPath = '/_services/idtoken'

/**
 * A job's ID token [docs.github.com/actions/reference/security/oidc]: the claims of a push to main, for the audience
 * that is asked for, five minutes long. Its signature is none.
 */
export function answerIdToken({ path, headers }: GithubRequest, now: number): GithubAnswer {
  if (!/^bearer \S+$/i.test(headers.authorization ?? ''))
    return { status: 401, body: { message: 'Unauthorized' } }
  const { searchParams } = new URL(path, 'http://localhost')
  const seconds = Math.floor(now / 1000)
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:acme/shop:ref:refs/heads/main',
    aud: searchParams.get('audience') ?? 'https://github.com/acme',
    iat: seconds,
    nbf: seconds - 300,
    exp: seconds + 300,
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    runner_environment: 'self-hosted',
  }
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims, 'signature']
  const value = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return { status: 200, body: { count: value.length, value } }
}
