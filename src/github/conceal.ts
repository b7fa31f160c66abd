type Variables = Readonly<Record<string, string | undefined>>

/**
 * What GitHub masks in logs, but not in what is sent to its API: the runner's and AWS's own keys, as far as they are in
 * the environment, and `more`.
 */
export function secretsOf(environment: Variables, more: readonly string[]): readonly string[] {
  const names = [
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  ]
  // Shorter ones are words.
  return [...names.map((name) => environment[name] ?? ''), ...more].filter((secret) => secret.length >= 8)
}

/** A JSON text without the secrets; a secret of several lines is one whole, and each of its longer lines. */
export function conceal(json: string, secrets: readonly string[]): string {
  const parts = secrets
    .flatMap((secret) => [secret, ...secret.split(/\r?\n/)])
    .filter((part) => part.length >= 8)
    // One that is the beginning of another would leave the other's end.
    .sort((one, other) => other.length - one.length)
  return parts.reduce((text, part) => text.replaceAll(JSON.stringify(part).slice(1, -1), '***'), json)
}

/** Anything that JSON can hold, without the secrets: before Markdown gives them another form. */
export const concealIn = <T>(told: T, secrets: readonly string[]): T =>
  JSON.parse(conceal(JSON.stringify(told), secrets)) as T
