import { StringDecoder } from 'node:string_decoder'

const longestLine = 16 * 1024

/** Takes bytes in parts and hands on whole lines; never keeps more than one line of 16 KiB. */
export function lineSplitter(take: (line: string) => void): { push(part: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const add = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
    while (rest.length > longestLine) {
      take(rest.slice(0, longestLine))
      rest = rest.slice(longestLine)
    }
  }
  return {
    push: (part) => add(decoder.write(part)),
    end: () => {
      add(decoder.end())
      if (rest !== '') take(rest.replace(/\r$/, ''))
      rest = ''
    },
  }
}

/**
 * The line so that GitHub's runner finds no command in it: it takes `::` at the beginning (after blanks) and `##[`
 * anywhere for one. Marked as the tests' own by `| `.
 */
export const asOutput = (line: string): string => `| ${line.replaceAll('##[', '# #[')}`
