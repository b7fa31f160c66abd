import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Heeded, inputGroups } from '../scripts/input-groups.ts'
import type { OperationName } from '../src/deployment/settings.ts'
import { stories } from './deployment/stories.ts'
import { standingPair, until, type World } from './deployment/world.ts'
import { actionFile } from './helpers/runner.ts'

const operations: readonly OperationName[] = [
  'deploy',
  'verify',
  'promote',
  'rollback',
  'retire',
  'recover',
  'status',
]
const rows = inputGroups.flatMap(({ inputs }) => Object.entries(inputs) as [string, Heeded][])
const isHeededBy = (heeded: Heeded, operation: OperationName) =>
  heeded === 'all' || heeded.includes(operation)

/** What the README says that an operation heeds, by the names that the code has for inputs. */
const told = (operation: OperationName): ReadonlySet<string> =>
  new Set(rows.filter(([, heeded]) => isHeededBy(heeded, operation)).map(([name]) => settingOf(name)))

/** What GitHub's event says, and no input. */
const isNoInput = (setting: string) => setting === 'isMerged'

/** Inputs that several settings are made of, or that are one among others. */
const otherwise: Readonly<Record<string, string>> = {
  'environment-variables': 'optionSettings',
  'production-cname': 'productionName',
  traffic: 'trafficInputs',
  'blue-target-group': 'targetGroups',
  'green-target-group': 'targetGroups',
}

const settingOf = (input: string): string =>
  otherwise[input] ?? input.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

describe('the README’s groups of inputs', () => {
  it('have every input of action.yml, once', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(actionFile.inputs).sort())
  })

  it.each(operations)('tell of everything that %s looks at', async (operation) => {
    const heeded = await heededIn(operation)
    expect(heeded.size).toBeGreaterThan(2)
    expect([...heeded].filter((setting) => !told(operation).has(setting) && !isNoInput(setting))).toEqual([])
  })

  it.each(operations)('tell of nothing that %s cannot know of', (operation) => {
    const known = new Set([...closureOf(`src/deployment/${operation}.ts`)].flatMap(settingsIn))
    const byAdapters = new Set([...settingsIn('src/main.ts'), ...settingsIn('src/connect.ts')])
    const others = [...told(operation)].filter((setting) => allSettings.has(setting))
    expect(others.filter((setting) => !known.has(setting) && !byAdapters.has(setting))).toEqual([])
  })
})

/** In every story of the domain's own tests. */
async function heededIn(operation: OperationName): Promise<ReadonlySet<string>> {
  const worlds: World[] = []
  for (const story of stories.filter((one) => one.operation === operation)) {
    const world = await story.world()
    await world.run(story.operation, story.settings)
    worlds.push(world)
  }
  for (const world of [standingPair(), await leftByADeadRun()]) {
    await world.run(operation)
    worlds.push(world)
  }
  return new Set(worlds.flatMap(({ heeded }) => [...(heeded.get(operation) ?? [])]))
}

async function leftByADeadRun(): Promise<World> {
  const world = standingPair()
  const running = world.start('deploy')
  await until(world, () => world.object.state.holder?.baking === true)
  running.kill()
  return world
}

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const allSettings = new Set(
  [...read('src/deployment/settings.ts').matchAll(/^ {2}readonly (\w+):/gm)].map(([, name = '']) => name),
)

/** A file and everything that it imports, at any distance. */
function closureOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const imports = read(file).matchAll(/^import (?!type)[\s\S]*?from '(\.[^']+)'$/gm)
  for (const [, target = ''] of imports) closureOf(join(dirname(file), target), seen)
  return seen
}

/** The settings that a file's code takes out of a run's settings. */
function settingsIn(file: string): readonly string[] {
  const text = read(file)
  const names = [
    ...[...text.matchAll(/(?:settings|wanted)\.(\w+)/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\{([^{}]*)\}(?:: Settings)? (?:=|\}).*[sS]ettings/g)].flatMap(([, list = '']) =>
      list.split(','),
    ),
    ...[...text.matchAll(/\{([^{}]*)\}: (?:Pick<)?Settings/g)].flatMap(([, list = '']) => list.split(',')),
  ]
  return names.map((name) => name.split(':')[0]?.trim() ?? '')
}
