import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { acts } from '../examples/rehearsal/acts.ts'
import { readInputs } from '../src/inputs.ts'
import { actionFile, fakeToolkit } from './helpers/runner.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Import {
  readonly from: string
  /** A path below the root, or a package's name. */
  readonly to: string
  readonly isTypeOnly: boolean
}

const importForm =
  /^(?:import|export)\s+(type\s+)?([^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?['"]([^'"]+)['"]\s*\)/gm

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => join(folder, name))
}

function importsOf(file: string): Import[] {
  return [...read(file).matchAll(importForm)].map(([, type, clause, name, dynamic]) => {
    const target = (name ?? dynamic) as string
    const names =
      /\{([^}]*)\}/
        .exec(clause ?? '')?.[1]
        ?.split(',')
        .map((one) => one.trim())
        .filter(Boolean) ?? []
    const allTypes = names.length > 0 && names.every((one) => one.startsWith('type '))
    return {
      from: file,
      to: target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
      isTypeOnly: type !== undefined || allTypes,
    }
  })
}

const imports = [...filesBelow('src'), ...filesBelow('simulator')].flatMap(importsOf)
const within = (folder: string) => imports.filter(({ from }) => from.startsWith(`${folder}/`))
const sentence = ({ from, to }: Import) => `${from} imports ${to}`
const isOwn = (path: string) => path.startsWith('src/') || path.startsWith('simulator/')

describe('the arrows of the architecture', () => {
  it('are read from real imports', () => {
    expect(imports.length).toBeGreaterThan(100)
    expect(within('src/deployment').length).toBeGreaterThan(30)
  })

  it('let the domain import nothing outside itself', () => {
    const strays = within('src/deployment').filter(({ to }) => !to.startsWith('src/deployment/'))
    expect(strays.map(sentence)).toEqual([])
  })

  it('see what is loaded later, too', () => {
    expect(imports.map(sentence)).toContain('src/connect.ts imports src/aws/route53/record-router.ts')
  })

  it('keep what is loaded later in the one file that ships: separate ones would lose their licenses', () => {
    const later = filesBelow('src').flatMap((file) =>
      [...read(file).matchAll(/\bimport\([^)]*\)/g)].map(([all]) => all),
    )
    expect(later.length).toBeGreaterThan(2)
    expect(later.filter((one) => !one.includes('webpackMode: "eager"'))).toEqual([])
  })

  it('let adapters know of the domain only its types, its errors and its pure words', () => {
    const pure = ['errors', 'wait-until', 'outcome', 'environment', 'effects', 'shell-word'].map(
      (name) => `src/deployment/${name}.ts`,
    )
    const strays = ['src/aws', 'src/github', 'src/system']
      .flatMap(within)
      .filter(({ to, isTypeOnly }) => to.startsWith('src/deployment/') && !isTypeOnly && !pure.includes(to))
    expect(strays.map(sentence)).toEqual([])
  })

  it('keep aws, github and system apart from each other and from those who compose them', () => {
    const strays = ['src/aws', 'src/github', 'src/system'].flatMap((folder) =>
      within(folder).filter(
        ({ to, isTypeOnly }) =>
          isOwn(to) &&
          !to.startsWith(`${folder}/`) &&
          !to.startsWith('src/deployment/') &&
          !(to === 'src/world.ts' && isTypeOnly),
      ),
    )
    expect(strays.map(sentence)).toEqual([])
  })

  it('let only connect.ts build AWS adapters', () => {
    const strays = imports.filter(
      ({ from, to }) =>
        to.startsWith('src/aws/') && !from.startsWith('src/aws/') && from !== 'src/connect.ts',
    )
    expect(strays.map(sentence)).toEqual([])
  })

  it('keep the AWS SDK inside aws/', () => {
    const strays = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/') && /^@(aws-sdk|smithy)\//.test(to) && !from.startsWith('src/aws/'),
    )
    expect(strays.map(sentence)).toEqual([])
  })

  it('keep @actions inside github/, inputs.ts, index.ts and main.ts', () => {
    const allowed = /^src\/(github\/|inputs\.ts|index\.ts|main\.ts)/
    const strays = imports.filter(
      ({ from, to }) => from.startsWith('src/') && to.startsWith('@actions/') && !allowed.test(from),
    )
    expect(strays.map(sentence)).toEqual([])
  })

  it('keep product and simulator from knowing each other', () => {
    const strays = imports.filter(
      ({ from, to }) =>
        (from.startsWith('src/') && to.startsWith('simulator/')) ||
        (from.startsWith('simulator/') && to.startsWith('src/')),
    )
    expect(strays.map(sentence)).toEqual([])
  })

  it('have no circles in the product', () => {
    expect(
      circlesIn(imports.filter(({ from, isTypeOnly }) => from.startsWith('src/') && !isTypeOnly)),
    ).toEqual([])
  })
})

function circlesIn(edges: readonly Import[]): string[] {
  const next = Map.groupBy(edges, ({ from }) => from)
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return circles
}

describe('time and signals', () => {
  const code = (folder: string) =>
    filesBelow(folder).map((file) => ({ file, text: withoutComments(read(file)) }))

  it('are read by nobody in the product but src/system (and signals by github/cancellation.ts)', () => {
    const clocks =
      /\b(Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|AbortSignal\.timeout|Math\.random)\b/
    const strays = code('src')
      .filter(({ file }) => !file.startsWith('src/system/') && file !== 'src/index.ts')
      .filter(({ text }) => clocks.test(text))
    expect(strays.map(({ file }) => file)).toEqual([])
    const signals = code('src').filter(({ text }) => /SIGINT/.test(text) && /\.on(ce)?\(/.test(text))
    expect(signals.map(({ file }) => file)).toEqual(['src/github/cancellation.ts'])
  })

  it('come from the clock alone in the simulator’s state machines', () => {
    const machines = ['beanstalk', 'auto-scaling', 'load-balancing', 's3', 'github']
    const strays = machines
      .map((one) => `simulator/${one}`)
      .flatMap(code)
      .filter(({ text }) => /\b(Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random)\b/.test(text))
    expect(strays.map(({ file }) => file)).toEqual([])
  })
})

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

describe('action.yml, the code and the README', () => {
  const required = {
    application: 'shop',
    'blue-environment': 'shop-blue',
    'green-environment': 'shop-green',
    version: '1',
  }

  it('agree on the inputs: the code asks for every one of action.yml, and for no other', () => {
    const asked = new Set<string>()
    const { toolkit } = fakeToolkit({ ...required, 'aws-region': 'us-east-1' })
    const listening = {
      ...toolkit,
      getInput: (name: string) => {
        asked.add(name)
        return toolkit.getInput(name)
      },
    }
    readInputs(listening, {})
    expect([...asked].sort()).toEqual(Object.keys(actionFile.inputs).sort())
  })

  it('agree on the inputs: the README’s table has every one, with its default', () => {
    const rows = tableOf(read('README.md'), 'Inputs')
    const expected = Object.entries(actionFile.inputs).map(([name, input]) => [
      name,
      String(input.default ?? ''),
    ])
    expect(rows.map(([name, fallback]) => [name, fallback]).sort()).toEqual(expected.sort())
  })

  it('agree on the outputs', () => {
    const rows = tableOf(read('README.md'), 'Outputs')
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(actionFile.outputs).sort())
  })

  it('run on node24, main and post from the one bundle', () => {
    expect(actionFile.runs).toMatchObject({ using: 'node24', main: 'dist/index.js', post: 'dist/index.js' })
  })
})

/** The first two cells of every row of the tables below a heading, without their code quotes. */
function tableOf(markdown: string, heading: string): string[][] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

describe('the project’s own texts', () => {
  it('name no machine, no registry and no way in which they were written', () => {
    const texts = [
      'README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'docs/architecture.md',
      'simulator/README.md',
      'package-lock.json',
    ]
    const strays = texts.filter((file) =>
      /\/work\/|localhost:\d+\/npm|issue #?\d+|"resolved": "http/i.test(read(file)),
    )
    expect(strays).toEqual([])
  })
})

describe('the README', () => {
  it('shows what the rehearsal prints', () => {
    const all = `rehearsal: ${acts.length} of ${acts.length} acts ended as they should`
    expect(read('README.md').split('\n')).toContain(all)
    for (const { title } of acts) expect(read('README.md')).toContain(title)
    expect(read('README.md')).not.toMatch(/^```\w*\n\s*```$/m)
  })
})
