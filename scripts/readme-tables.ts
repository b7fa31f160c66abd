// Writes the tables of inputs and outputs into the README, from action.yml and input-groups.ts: node scripts/readme-tables.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Heeded, inputGroups } from './input-groups.ts'

interface Described {
  readonly description: string
  readonly default?: string
}

const action: { inputs: Record<string, Described>; outputs: Record<string, Described> } = parse(
  readFileSync('action.yml', 'utf8'),
)

const grouped = inputGroups.flatMap(({ inputs: group }) => Object.keys(group))
const missing = Object.keys(action.inputs).filter((name) => !grouped.includes(name))
if (missing.length > 0) throw new Error(`scripts/input-groups.ts lacks ${missing.join(', ')}`)

const cell = (text: string) => text.replaceAll('|', '\\|')
const inputs = inputGroups.flatMap(({ title, inputs: group }) => [
  `### ${title}`,
  '',
  '| input | default | heeded by | |',
  '|---|---|---|---|',
  ...Object.entries(group).map(([name, heeded]) => row(name, heeded)),
  '',
])
const outputs = Object.entries(action.outputs).map(
  ([name, output]) => `| \`${name}\` | ${cell(output.description)} |`,
)

function row(name: string, heeded: Heeded): string {
  const { description = '', default: fallback } = action.inputs[name] ?? {}
  const by = heeded === 'all' ? 'all' : heeded.map((operation) => `\`${operation}\``).join(', ')
  return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${by} | ${cell(description)} |`
}

/** Everything from the first table or group below a heading to the text after the last one. */
function replaced(readme: string, heading: string, lines: readonly string[]): string {
  const start = readme.indexOf(`## ${heading}\n`)
  const end = readme.indexOf('\n## ', start)
  const section = readme.slice(start, end)
  const first = section.search(/^(?:### |\| )/m)
  const last = section.lastIndexOf('\n| ')
  const rest = section.slice(section.indexOf('\n', last + 1)).replace(/^\n+/, '')
  return `${readme.slice(0, start)}${section.slice(0, first)}${lines.join('\n').trimEnd()}\n\n${rest}${readme.slice(end)}`
}

let readme = readFileSync('README.md', 'utf8')
readme = replaced(readme, 'Inputs', inputs)
readme = replaced(readme, 'Outputs', ['| output | |', '|---|---|', ...outputs])
writeFileSync('README.md', readme)
