import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { InputMistakes, readInputs } from '../src/inputs.ts'
import { fakeToolkit } from './helpers/runner.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: Concurrency
}

type Concurrency = string | { readonly group: string; readonly 'cancel-in-progress'?: unknown }

interface Workflow {
  readonly name: string
  readonly on: unknown
  readonly permissions?: unknown
  readonly concurrency?: Concurrency
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const folder = 'examples/workflows'
const files = readdirSync(new URL(`../${folder}`, import.meta.url)).filter((name) => name.endsWith('.yml'))
const workflows = files.map((name) => {
  const text = read(`${folder}/${name}`)
  return { name, text, workflow: parse(text) as Workflow }
})
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name}: ${id}`, file: name, job })),
)
const ours = (step: Step) => step.uses?.startsWith('beanstalk-blue-green/') ?? false
const stepsOf = (job: Job) => job.steps ?? []
const operationOf = (step: Step) => String(step.with?.operation ?? 'deploy')

/** What the action says of inputs, where an expression stands for `sample`. */
function mistakesOf(given: Readonly<Record<string, unknown>>): readonly string[] {
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, evaluated(name, String(value))]),
  )
  const environment = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
  try {
    readInputs(fakeToolkit(inputs).toolkit, environment)
    return []
  } catch (thrown) {
    if (!(thrown instanceof InputMistakes)) throw thrown
    return thrown.mistakes.map(({ input, rule }) => `${input}: ${rule}`)
  }
}

/** Stands for what an expression would be in a run. */
const evaluated = (name: string, value: string): string =>
  value.replaceAll(/\$\{\{.*?\}\}/g, () => samples[name] ?? '123')

const samples: Readonly<Record<string, string>> = {
  operation: 'promote',
  'dry-run': 'true',
  'aws-region': 'eu-central-1',
  'bake-time': '10m',
}

const known = Object.keys((parse(read('action.yml')) as { inputs: Record<string, unknown> }).inputs)
const unknownInputs = (given: Readonly<Record<string, unknown>>) =>
  Object.keys(given).filter((name) => !known.includes(name))

describe.each(workflows)('examples/workflows/$name', ({ text, workflow }) => {
  const its = Object.values(workflow.jobs)

  it('gives the action nothing that it would refuse', () => {
    const steps = its.flatMap(stepsOf).filter(ours)
    for (const step of steps) {
      expect(unknownInputs(step.with ?? {})).toEqual([])
      expect(mistakesOf(step.with ?? {})).toEqual([])
    }
  })

  it('pins every other action by the hash of a commit, and says its version', () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what = '']) => what)
    const loose = uses.filter(
      (what) =>
        !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what) &&
        !/^beanstalk-blue-green\/beanstalk-blue-green@v\d+$/.test(what) &&
        !what.startsWith('./'),
    )
    expect(uses.length).toBeGreaterThan(0)
    expect(loose).toEqual([])
  })

  it('has no permissions but those that its jobs name', () => {
    expect(workflow.permissions).toEqual({})
  })

  it('leaves no token behind after a checkout', () => {
    const checkouts = its.flatMap(stepsOf).filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([])
  })
})

describe.each(jobs)('the job of examples/workflows/$name', ({ file, job }) => {
  it('has the permissions that its steps need, and no other', () => {
    expect(job.permissions ?? {}).toEqual(
      job.uses === undefined ? needed(job, isForPullRequests(file)) : neededBy(job.uses),
    )
  })

  it('does not cancel what is under way in production', () => {
    const workflow = workflows.find(({ name }) => name === file)?.workflow
    const cancelling = [workflow?.concurrency, job.concurrency].some(
      (concurrency) => typeof concurrency === 'object' && concurrency['cancel-in-progress'] !== false,
    )
    const moves = stepsOf(job)
      .filter(ours)
      .map(operationOf)
      .filter((operation) => operation !== 'verify')
    expect(cancelling && moves.length > 0).toBe(false)
  })
})

const page = read('docs/traffic-in-steps.md')
const shown = [...page.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)]
  .map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  .filter((text) => text.startsWith('jobs:'))
  .map((text) => ({ text, workflow: parse(text) as Workflow }))

describe('the workflows of docs/traffic-in-steps.md', () => {
  it('give the action nothing that it would refuse', () => {
    const steps = shown.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap(stepsOf).filter(ours))
    expect(steps.map((step) => step.with?.traffic)).toEqual(['route53', 'load-balancer'])
    expect(steps.flatMap((step) => unknownInputs(step.with ?? {}))).toEqual([])
    expect(steps.flatMap((step) => mistakesOf(step.with ?? {}))).toEqual([])
  })

  it('have the permissions that their steps need, and no other', () => {
    for (const job of shown.flatMap(({ workflow }) => Object.values(workflow.jobs)))
      expect(job.permissions).toEqual(needed(job))
  })
})

describe('the inputs of steps.yml from traffic to production-url', () => {
  const inputsIn = (file: string) =>
    jobs
      .filter((job) => job.file === file)
      .flatMap(({ job }) =>
        stepsOf(job)
          .filter(ours)
          .map((step) => step.with ?? {}),
      )
  const all = Object.entries(inputsIn('steps.yml')[0] ?? {})
  const at = (name: string) => all.findIndex(([input]) => input === name)
  const moved = Object.fromEntries(all.slice(at('traffic'), at('production-url') + 1))

  it.each(['rollback.yml', 'clean-up.yml', 'pull-request.yml', 'approve.yml'])(
    'are what %s needs in place of production-cname, and takes',
    (file) => {
      const steps = inputsIn(file)
      expect(steps.length).toBeGreaterThan(0)
      for (const { 'production-cname': _, ...rest } of steps)
        expect(mistakesOf({ ...rest, ...moved })).toEqual([])
    },
  )

  it('are refused beside production-cname', () => {
    const [given] = inputsIn('clean-up.yml')
    expect(mistakesOf({ ...given, ...moved })).toEqual([
      'production-cname: It means nothing to `traffic: route53`.',
    ])
  })
})

const isForPullRequests = (file: string) => {
  const on = workflows.find(({ name }) => name === file)?.workflow.on
  return typeof on === 'object' && on !== null && 'pull_request' in on
}

function needed(job: Job, isForPullRequests = false): Record<string, string> {
  const steps = stepsOf(job)
  const uses = (action: string) => steps.some((step) => step.uses?.startsWith(action))
  const asRole = steps.some((step) => step.with?.['role-to-assume'] !== undefined)
  const actions = steps.filter(ours)
  const does = (...operations: readonly string[]) =>
    actions.some((step) => operations.includes(operationOf(step)) || isAnyOperation(step))
  const showsDeployments = actions.some((step) => step.with?.['github-environment'] !== 'none')
  return {
    ...(asRole && { 'id-token': 'write' }),
    ...(uses('actions/checkout@') && { contents: 'read' }),
    ...(does('verify') && { checks: 'write' }),
    ...(does('deploy', 'promote', 'rollback', 'recover') && showsDeployments && { deployments: 'write' }),
    ...(does('deploy', 'verify') && isForPullRequests && { 'pull-requests': 'write' }),
  }
}

/** The operation is chosen when it is run. */
const isAnyOperation = (step: Step) => operationOf(step).includes('${{')

/** Of a workflow that is called: the sum of what its jobs need. */
function neededBy(path: string): Record<string, string> {
  const called = workflows.find(({ name }) => path === `./.github/workflows/${name}`)
  return Object.assign({}, ...Object.values(called?.workflow.jobs ?? {}).map((job) => needed(job)))
}

describe('the examples together', () => {
  const groupsOf = (operation: string) =>
    workflows.flatMap(({ workflow }) =>
      Object.values(workflow.jobs)
        .filter((job) => stepsOf(job).some((step) => ours(step) && operationOf(step) === operation))
        .flatMap((job) => [workflow.concurrency, job.concurrency])
        .flatMap((one) => (one === undefined ? [] : typeof one === 'string' ? one : one.group)),
    )

  it('let a rollback wait for no deployment', () => {
    const rollbacks = groupsOf('rollback')
    expect(rollbacks.length).toBeGreaterThan(0)
    expect(groupsOf('deploy').filter((group) => rollbacks.includes(group))).toEqual([])
  })

  it('are all told of, in their own README and in the project’s', () => {
    for (const readme of [`${folder}/README.md`, 'README.md']) {
      const missing = files.filter((name) => !read(readme).includes(name))
      expect({ readme, missing }).toEqual({ readme, missing: [] })
    }
  })

  it('never run code of strangers with the repository’s rights', () => {
    expect(workflows.filter(({ text }) => text.includes('pull_request_target'))).toEqual([])
  })
})

describe('the README', () => {
  const readme = read('README.md')
  const snippets = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body)

  it('shows YAML that can be read', () => {
    expect(snippets.length).toBeGreaterThan(2)
    for (const snippet of snippets) expect(() => parse(snippet)).not.toThrow()
  })

  it('gives the action only inputs that it has', () => {
    const given = snippets.flatMap((snippet) => stepsIn(parse(snippet))).filter(ours)
    expect(given.length).toBeGreaterThan(1)
    expect(given.flatMap((step) => unknownInputs(step.with ?? {}))).toEqual([])
  })

  it('gives whole workflows nothing that the action would refuse', () => {
    const whole = snippets.map((snippet) => parse(snippet)).filter((one) => one?.jobs !== undefined)
    const steps = whole.flatMap(stepsIn).filter(ours)
    expect(steps.length).toBeGreaterThan(1)
    for (const step of steps) expect(mistakesOf(step.with ?? {})).toEqual([])
  })

  it('links to files that are there', () => {
    const pages = ['README.md', `${folder}/README.md`]
    const dead = pages.flatMap((page) => {
      const base = new URL(`../${page}`, import.meta.url)
      return [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(new URL(target, base)))
        .map((target) => `${page}: ${target}`)
    })
    expect(dead).toEqual([])
  })
})

/** The steps of a snippet: a whole workflow, or a list of steps, or the inputs of one. */
function stepsIn(snippet: unknown): readonly Step[] {
  if (Array.isArray(snippet)) return snippet
  if (typeof snippet !== 'object' || snippet === null) return []
  if ('jobs' in snippet) return Object.values((snippet as Workflow).jobs).flatMap(stepsOf)
  return [{ uses: 'beanstalk-blue-green/beanstalk-blue-green@v0', with: snippet as Record<string, unknown> }]
}
