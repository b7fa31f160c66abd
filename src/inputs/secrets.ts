import { looksSecret } from '../deployment/looks-secret.ts'
import type { OptionSetting } from '../deployment/settings.ts'

/**
 * The values that the runner should mask. GitHub masks its own secrets already; this adds what looks like one by its
 * name or shape. Not everything: masking `production` or `true` would make a log unreadable.
 */
export const secretsIn = (settings: readonly OptionSetting[]): readonly string[] =>
  settings.filter(isSecret).map(({ value }) => value)

/**
 * The same of a job's environment variables, as the user's tests may quote them: GitHub masks them in logs, and in
 * nothing that is sent to its API. Of an address with a password also the password alone.
 */
export const secretsAround = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment)
    .filter(([name]) => !name.startsWith('INPUT_'))
    .map(([name, value = '']) => ({ name, value }))
    .filter(isSecret)
    .flatMap(({ value }) => [value, /:\/\/[^/\s:]*:([^/\s]*)@/.exec(value)?.[1] ?? ''])
    .filter((value) => value.length >= 8)

const isSecret = ({ name, value }: Pick<OptionSetting, 'name' | 'value'>): boolean =>
  value.length >= 8 && looksSecret({ name, value })
