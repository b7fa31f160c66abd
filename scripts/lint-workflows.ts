import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'

const tools = resolve('.tools')
const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * `npm run lint-workflows`: all workflows of this repository by GitHub's own validator, actionlint and zizmor. Needs
 * `scripts/install-workflow-tools.sh`.
 */
async function lint(): Promise<number> {
  const repository = gather()
  try {
    const found = [
      ...(await byGitHub(repository)),
      ...byCommand(join(tools, 'bin/actionlint'), ['-no-color'], repository),
      ...byCommand(
        join(tools, 'zizmor/bin/zizmor'),
        // What is merely new or a matter of taste (the personas above `regular`) is not asked for.
        ['--offline', '--quiet', '--no-progress', '--config', resolve('.github/zizmor.yml'), '.'],
        repository,
      ),
    ]
    found.forEach(say)
    const count = readdirSync(join(repository, '.github/workflows')).length
    say(`${count} workflows, by three tools: ${found.length === 0 ? 'nothing found' : 'see above'}`)
    return found.length
  } finally {
    rmSync(repository, { recursive: true, force: true })
  }
}

/** A repository that has all of them as its workflows, since that is the only place where some rules look. */
function gather(): string {
  const repository = mkdtempSync(join(tmpdir(), 'workflows-'))
  const folder = join(repository, '.github/workflows')
  mkdirSync(folder, { recursive: true })
  execFileSync('git', ['init', '--quiet', repository])
  for (const from of ['examples/workflows', '.github/workflows'])
    for (const name of readdirSync(from))
      if (name.endsWith('.yml')) copyFileSync(join(from, name), join(folder, name))
  return repository
}

function byCommand(command: string, args: readonly string[], cwd: string): string[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (error) throw error
  return status === 0 ? [] : [`${basename(command)}:\n${stdout}${stderr}`]
}

/** What GitHub's own editor extension says: the workflow's schema, expressions, and the inputs of the actions. */
async function byGitHub(repository: string): Promise<string[]> {
  // The packages are made for bundlers and import JSON without saying so.
  registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
  })
  const { validate } = await fromTools('@actions/languageservice/dist/index.js')
  const { TextDocument } = await fromTools('vscode-languageserver-textdocument/lib/esm/main.js')
  const folder = join(repository, '.github/workflows')
  const found: string[] = []
  for (const name of readdirSync(folder)) {
    const text = TextDocument.create(`file:///${name}`, 'yaml', 1, readFileSync(join(folder, name), 'utf8'))
    const problems: Problem[] = await validate(text, {
      actionsMetadataProvider: { fetchActionMetadata: async (action: Action) => metadataOf(action) },
    })
    found.push(
      ...problems.map(
        ({ range, message }) => `GitHub's validator: ${name}:${range.start.line + 1}: ${message}`,
      ),
    )
  }
  return found
}

const fromTools = (path: string) => import(pathToFileURL(join(tools, 'validator/node_modules', path)).href)

interface Problem {
  readonly message: string
  readonly range: { readonly start: { readonly line: number } }
}

interface Action {
  readonly owner: string
  readonly name: string
}

function metadataOf({ owner, name }: Action): unknown {
  if (owner === 'beanstalk-blue-green') return parse(readFileSync('action.yml', 'utf8'))
  const inputs = others[`${owner}/${name}`]
  return inputs && { name, description: name, inputs }
}

/** The inputs that the workflows give to other actions, as their own action.yml has them. */
const others: Readonly<Record<string, Readonly<Record<string, { readonly required?: boolean }>>>> = {
  'actions/checkout': { 'persist-credentials': {}, 'fetch-depth': {}, ref: {} },
  'actions/setup-node': { 'node-version-file': {} },
  'aws-actions/configure-aws-credentials': {
    'aws-region': { required: true },
    'role-to-assume': {},
    'role-duration-seconds': {},
    'output-credentials': {},
    'output-env-credentials': {},
  },
}

process.exitCode = (await lint()) === 0 ? 0 : 1
