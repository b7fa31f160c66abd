import type { OptionSetting } from './settings.ts'

/** Shorter values are words; masking them would hide the log and no secret. */
const shortest = 6

/**
 * What must not be read in an environment's logs: the values of its environment properties, which applications print,
 * other options that are secrets by their name, and the passwords in addresses. All of them come back from AWS in clear.
 */
export function secretsIn(options: readonly OptionSetting[]): readonly string[] {
  const values = options
    .filter(isSecret)
    .flatMap(({ value }) => [value, ...value.split(/\r?\n/), ...passwords(value)])
  const forms = values
    .map((value) => value.trim())
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])
  // One that is the beginning of another would leave the other's end.
  return [...new Set(forms)]
    .filter((value) => value.length >= shortest)
    .sort((one, other) => other.length - one.length)
}

const isSecret = ({ namespace, name }: OptionSetting): boolean =>
  namespace === 'aws:elasticbeanstalk:application:environment' ||
  /passw|secret|token|credential|private|api_?key|access_?key/i.test(name)

/** Of `scheme://user:password@host`, as it stands there and as it is meant. */
const passwords = (value: string): readonly string[] =>
  [...value.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/g)].flatMap(([, password = '']) => [
    password,
    meant(password),
  ])

function meant(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}

/** A text without these secrets, and without what looks like a key or a token of any kind. */
export function masked(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  return shapes.reduce((rest, [shape, instead]) => rest.replace(shape, instead), known)
}

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  // AWS, GitHub, Slack, Stripe, npm, and JSON web tokens.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '***'],
  [/\b(?:gh[pousr]_|github_pat_|xox[abeoprs]-|[rs]k_live_|npm_|glpat-)[\w-]{10,}/g, '***'],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, '***'],
  [/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, '$1***@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, '$1***'],
  [
    /((?:passw(?:or)?d|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key)(?:[_-][\w-]*)?["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi,
    '$1***',
  ],
]
