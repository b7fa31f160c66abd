import type { Outcome } from '../deployment/outcome.ts'
import { code, fenced, prose } from './text.ts'

/** Why the environment that failed is not well, and the end of its instances' logs, folded. */
export function lastWordsOf({ lastWords }: Outcome): string {
  if (!lastWords || lastWords.causes.length + lastWords.logs.length === 0) return ''
  const { environment, causes, logs } = lastWords
  return [
    `### What ${code(environment)} says`,
    ...(causes.length === 0 ? [] : [causes.map((cause) => `- ${prose(cause)}`).join('\n')]),
    ...logs.map(({ instance, lines }) =>
      folded(`The end of the logs of ${code(instance)}`, lines.join('\n')),
    ),
  ].join('\n\n')
}

/** GitHub reads Markdown inside of HTML only between empty lines. */
const folded = (title: string, text: string): string =>
  `<details><summary>${title}</summary>\n\n${fenced(text)}\n\n</details>`
