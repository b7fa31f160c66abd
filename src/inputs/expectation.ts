import type { Expectation } from '../deployment/settings.ts'
import { wrong } from './mistakes.ts'
import type { Parse } from './read.ts'

const examples =
  'Write `header x-version = {version}`, `json build.version = {version}` or `text Version {version}`.'

/** Where an answer shows which version gave it: in a header, a JSON field or a text. */
export const expectation: Parse<Expectation> = (text) => {
  const [, place = '', rest = ''] = /^(header|json|text)\s+(.+)$/s.exec(text) ?? []
  if (place === '') return wrong('It does not say where to look: `header`, `json` or `text`.', examples)
  if (!rest.includes('{version}')) return wrong('It does not contain `{version}`.', examples)
  if (place === 'text') return { in: 'text', value: unquoted(rest) }
  const [, name = '', value = ''] = /^([^\s=:]+)\s*[=:]\s*(.+)$/s.exec(rest) ?? []
  if (value === '') return wrong(`It has no \`=\` between the ${place} and what it should be.`, examples)
  if (!value.includes('{version}')) return wrong('There is no `{version}` behind the `=`.', examples)
  if (place === 'json') return jsonField(name, unquoted(value))
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return wrong(`“${name}” is no name of a header.`, examples)
  return { in: 'header', name, value: unquoted(value) }
}

function jsonField(name: string, value: string): Expectation | ReturnType<typeof wrong> {
  // `$.builds[0].version` is how others write `builds.0.version`.
  const path = name
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
  if (path.some((key) => key === '')) return wrong(`“${name}” is no path to a JSON field.`, examples)
  return { in: 'json', path, value }
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text.trim())?.[2] ?? text.trim()
