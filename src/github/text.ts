/** The most characters that GitHub shows of an annotation. */
const longestAnnotation = 4_096

/**
 * Text from outside for the log: no line of it is a command to GitHub's runner (which takes `::` at the beginning
 * of a line and `##[` anywhere for one), and nothing in it steers a terminal or turns the direction of writing.
 */
export const forLog = (text: string): string =>
  withoutControls(text)
    .replaceAll('##[', '# #[')
    .replace(/^(\s*):(?=:)/gm, '$1: ')

/** Text from outside for an annotation: as for the log, and cut where GitHub would cut it. */
export const forAnnotation = (text: string): string => cut(forLog(text), longestAnnotation)

/**
 * Text from outside for one line of Markdown, so that it shows as it is: nothing in it becomes markup, HTML, a link,
 * a mention or a reference, and it stays inside its table cell.
 */
export const forMarkdown = (text: string, longest = 1_000): string =>
  cut(withoutControls(text).replace(/\s+/g, ' ').trim(), longest)
    .replace(/[&<>\\`*_[\]#|~@$]|:(?=\S)/g, asEntity)
    .replace(/^(?:[-+=]|\d+[.)](?= |$))/, (start) => start.replace(/[-+=.)]/, asEntity))
    .replace(/(www)\./gi, '$1&#46;')
    .replace(/(&#(?:35|64);)(?=\w)/g, '$1&#8203;')

/** A sentence of ours that quotes: what stands between backticks shows as code, all else as `forMarkdown` has it. */
export const prose = (text: string): string =>
  cut(text, 4_000)
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : spaced(part)))
    .join('')
    .trim()

/** The same, as code: for names, versions and addresses. */
export const code = (text: string): string => `<code>${forMarkdown(text)}</code>`

/** Text from outside for HTML, text or attribute. */
export const forHtml = (text: string): string => withoutControls(text).replace(/[&<>"'`]/g, asEntity)

/** Text from outside for a single line of plain text, cut. */
export const oneLine = (text: string, longest: number): string =>
  cut(forLog(text).replace(/\s+/g, ' ').trim(), longest)

/** A block of code that its content cannot end. */
export function fenced(text: string, language = ''): string {
  const content = cut(withoutControls(text), 8_000)
  const longestRun = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longestRun + 1)
  return `${fence}${language}\n${content}\n${fence}`
}

/** Keeps the blanks at both ends, which stand between a word and a piece of code. */
const spaced = (part: string): string => {
  const [before = '', after = ''] = [/^\s/.test(part) ? ' ' : '', /\S\s+$/.test(part) ? ' ' : '']
  return `${before}${forMarkdown(part, 4_000)}${after}`
}

/** At most `longest` characters; says that something is missing. */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`

const asEntity = (character: string): string => `&#${character.codePointAt(0)};`

/** Keeps tabs and line ends. Also takes out what turns the direction of writing and what cannot be seen. */
const withoutControls = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/(?!\n|\t)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
