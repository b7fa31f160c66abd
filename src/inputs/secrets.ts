import type { OptionSetting } from '../deployment/settings.ts'

/**
 * The values that the runner should mask. GitHub masks its own secrets already; this adds what looks like one by its
 * name or shape. Not everything: masking `production` or `true` would make a log unreadable.
 */
export const secretsIn = (settings: readonly OptionSetting[]): readonly string[] =>
  settings.filter(isSecret).map(({ value }) => value)

const isSecret = ({ name, value }: OptionSetting): boolean =>
  value.length >= 8 &&
  (/passw|secret|token|credential|private|api_?key|access_?key|dsn/i.test(name) ||
    /:\/\/[^/\s]*:[^/\s]*@/.test(value))
