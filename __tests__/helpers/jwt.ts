/** A token as GitHub's, but for its signature; what is not said is that of a push to main. */
export function jwt(claims: Readonly<Record<string, unknown>> = {}): string {
  const payload = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:acme/shop:ref:refs/heads/main',
    aud: 'sts.amazonaws.com',
    ...claims,
  }
  return [{ alg: 'RS256', typ: 'JWT' }, payload, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
}
