import type { Answer } from './ports.ts'
import { inWordsOf } from './production-watch.ts'

/** Where in an answer the version stands that serves it; `{version}` in `value` stands for its label. */
export type Expectation =
  | { readonly in: 'header'; readonly name: string; readonly value: string }
  /** Keys from the outermost on; numbers are places in a list. */
  | { readonly in: 'json'; readonly path: readonly string[]; readonly value: string }
  | { readonly in: 'text'; readonly value: string }

/** Does an answer show the version? */
export interface Shown {
  readonly is: boolean
  /** After "it shows that": `its header x-version is "1.1.0"`. */
  readonly saw: string
}

/** Does this answer show that `version` gave it? A header and a JSON field have to be what is expected, a text has to be in it. */
export function shows(expectation: Expectation, version: string, answer: Answer): Shown {
  if (answer.is === 'no answer') return { is: false, saw: answer.why }
  const wanted = expectation.value.replaceAll('{version}', version)
  if (answer.isPretended) return { is: true, saw: quoted(wanted) }
  if (expectation.in === 'text') {
    const is = stands(wanted, answer.body ?? '')
    return { is, saw: `${quoted(wanted)} is ${is ? '' : 'not '}in ${itsAnswer(answer)}` }
  }
  const where = nameOf(expectation)
  const found = valueIn(expectation, answer)
  if (found === undefined) return { is: false, saw: `${itsAnswer(answer)} has no ${where}` }
  const is = found === wanted
  return { is, saw: `its ${where} is ${quoted(found)}${is ? '' : `, not ${quoted(wanted)}`}` }
}

const nameOf = (expectation: Exclude<Expectation, { in: 'text' }>): string =>
  expectation.in === 'header' ? `header ${expectation.name}` : `JSON field ${expectation.path.join('.')}`

const itsAnswer = (answer: Answer): string => `its answer (${inWordsOf(answer)})`

function valueIn(
  expectation: Exclude<Expectation, { in: 'text' }>,
  { headers = {}, body = '' }: Extract<Answer, { is: 'answer' }>,
): string | undefined {
  if (expectation.in === 'header') return headers[expectation.name.toLowerCase()]?.trim()
  const found = expectation.path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
        ? (inside as Record<string, unknown>)[key]
        : undefined,
    parsed(body),
  )
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Not as a part of a longer version: 1.1.0 is not in "1.1.0-rc1", nor in "11.1.0"; but it is in "v1.1.0". */
function stands(wanted: string, text: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at)
    const after = text.slice(at + wanted.length, at + wanted.length + 2)
    const goesOn = /^\w/.test(wanted) && /(?:\w|\w[.+-])$/.test(before) && !/^(?:\W|)v$/i.test(before)
    const wentOn = /\w$/.test(wanted) && /^(?:\w|[.+-]\w)/.test(after)
    if (!goesOn && !wentOn) return true
  }
  return false
}

const quoted = (text: string): string => `“${text.length > 100 ? `${text.slice(0, 99)}…` : text}”`
