import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

interface Described {
  readonly description: string
  readonly default?: string
}

const action: { inputs: Record<string, Described>; outputs: Record<string, Described> } = parse(
  readFileSync('action.yml', 'utf8'),
)

const cell = (text: string) => text.replaceAll('|', '\\|')
const inputs = Object.entries(action.inputs).map(
  ([name, input]) =>
    `| \`${name}\` | ${input.default === undefined ? '' : `\`${input.default}\``} | ${cell(input.description)} |`,
)
const outputs = Object.entries(action.outputs).map(
  ([name, output]) => `| \`${name}\` | ${cell(output.description)} |`,
)

/** Writes the tables of inputs and outputs into the README, from action.yml. */
function replaced(readme: string, heading: string, table: readonly string[]): string {
  const section = new RegExp(
    `(^## ${heading}\\n[\\s\\S]*?)(@@${heading.toUpperCase()}@@|^\\| (?:input|output)[\\s\\S]*?\\n)(?=\\n)`,
    'm',
  )
  return readme.replace(section, (_, before) => `${before}${table.join('\n')}\n`)
}

let readme = readFileSync('README.md', 'utf8')
readme = replaced(readme, 'Inputs', ['| input | default | |', '|---|---|---|', ...inputs])
readme = replaced(readme, 'Outputs', ['| output | |', '|---|---|', ...outputs])
writeFileSync('README.md', readme)
