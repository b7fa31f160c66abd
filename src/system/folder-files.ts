import type { Stats } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { Failure } from '../deployment/errors.ts'

/** One file of a folder. */
export interface FolderFile {
  /** Below the folder, with slashes. */
  readonly name: string
  readonly path: string
  readonly isExecutable: boolean
}

/** A file of rules, and the folder that they hold for (`` or `lib/`). */
interface Rules {
  readonly base: string
  readonly rules: Ignore
}

interface Walk {
  /** The folder's real path, and where its rules come from. */
  readonly root: string
  readonly ruleFile: '.ebignore' | '.gitignore'
}

/**
 * The files of a folder, sorted by name, that belong into a bundle: without what `.ebignore` leaves out, or where
 * there is none the `.gitignore` of each folder, and never `.git`. Links are followed inside of the folder; one that
 * leads out of it throws a Failure.
 */
export async function filesOf(folder: string): Promise<readonly FolderFile[]> {
  const root = await realpath(folder)
  const hasEbignore = (await stat(join(root, '.ebignore')).catch(() => undefined)) !== undefined
  const walk: Walk = { root, ruleFile: hasEbignore ? '.ebignore' : '.gitignore' }
  const files: FolderFile[] = []
  await visit(walk, { name: '', real: root, above: [], rules: [] }, files)
  return files.sort((one, other) => (one.name < other.name ? -1 : 1))
}

interface Visited {
  /** Empty for the root, else with a slash at its end. */
  readonly name: string
  readonly real: string
  /** The real paths of the folders above, to see a link that leads back up. */
  readonly above: readonly string[]
  readonly rules: readonly Rules[]
}

async function visit(walk: Walk, folder: Visited, files: FolderFile[]): Promise<void> {
  const entries = await readdir(folder.real, { withFileTypes: true })
  const rules = await rulesWith(walk, folder)
  for (const entry of entries) {
    const name = `${folder.name}${entry.name}`
    if (entry.name === '.git' || name === '.ebignore') continue
    const path = join(folder.real, entry.name)
    if (isIgnored(rules, entry.isDirectory() ? `${name}/` : name)) continue
    const real = entry.isSymbolicLink() ? await followed(walk, name, path) : path
    const found = await stat(real)
    if (found.isFile()) files.push({ name, path: real, isExecutable: (found.mode & 0o100) !== 0 })
    if (!isNewFolder(found, real, folder) || isIgnored(rules, `${name}/`)) continue
    const above = [...folder.above, folder.real]
    await visit(walk, { name: `${name}/`, real, above, rules }, files)
  }
}

const isNewFolder = (found: Stats, real: string, folder: Visited): boolean =>
  found.isDirectory() && real !== folder.real && !folder.above.includes(real)

async function rulesWith({ ruleFile }: Walk, { name, real, rules }: Visited): Promise<readonly Rules[]> {
  if (ruleFile === '.ebignore' && name !== '') return rules
  const text = await readFile(join(real, ruleFile), 'utf8').catch(() => undefined)
  return text === undefined ? rules : [{ base: name, rules: ignore().add(text) }, ...rules]
}

/** The nearest rules that say something decide, as in git. */
function isIgnored(all: readonly Rules[], name: string): boolean {
  for (const { base, rules } of all) {
    const verdict = rules.test(name.slice(base.length))
    if (verdict.ignored || verdict.unignored) return verdict.ignored
  }
  return false
}

async function followed({ root }: Walk, name: string, path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  const below = real === undefined ? undefined : relative(root, real)
  if (real !== undefined && below !== undefined && below !== '..' && !below.startsWith(`..${sep}`))
    return real
  throw new Failure(
    `${name} is a link that ${real === undefined ? 'leads nowhere' : 'leads out of the package'}.`,
    [{ why: 'Put the file itself there, or leave the link out with a line in `.ebignore`.' }],
  )
}
