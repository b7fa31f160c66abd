import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type StageSet, setStage } from '../../examples/rehearsal/stage.ts'
import { runStep } from '../../examples/rehearsal/step.ts'
import { bundleOf } from '../../examples/shop/bundle.ts'
import { createLocalGithub, type LocalGithub } from '../../simulator/github/github.ts'
import { type GithubServer, serveGithub } from '../../simulator/github/server.ts'

let stage: StageSet
let github: LocalGithub
let server: GithubServer
let folder: string

beforeEach(async () => {
  stage = await setStage(60)
  stage.aws.simulator.beanstalk.given.version('shop', '1.1.0', await bundleOf('1.1.0'))
  github = createLocalGithub({ clock: stage.aws.simulator.cloud.clock, repository: 'acme/shop' })
  server = await serveGithub(github, 0)
  folder = await mkdtemp(join(tmpdir(), 'shipped-bundle-github-'))
})

afterEach(async () => {
  await server.close()
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

it('the shipped bundle tells GitHub of a deployment, a pull request and failed tests, over HTTP', async () => {
  const head = 'b'.repeat(40)
  const event = { pull_request: { number: 7, head: { sha: head, repo: { full_name: 'acme/shop' } } } }
  await writeFile(join(folder, 'event.json'), JSON.stringify(event))
  const report =
    '<testsuite name="smoke"><testcase name="pays" file="tests/pay.py" line="4"><failure message="402 @team"/></testcase></testsuite>'

  const ended = await runStep({
    folder: join(folder, 'step'),
    signal: new AbortController().signal,
    onLine: () => {},
    environment: {
      ...stage.environment(),
      GITHUB_API_URL: server.url,
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
    },
    inputs: {
      application: 'shop',
      version: '1.1.0',
      'blue-environment': 'shop-blue',
      'green-environment': 'shop-green',
      'production-cname': 'shop',
      'health-path': '/health',
      'github-token': 'ghs_of-the-job',
      'test-command': `echo '${report}' > '${folder}/report.xml'; exit 1`,
      'test-report': join(folder, '*.xml'),
    },
  })

  expect(ended.outputs.outcome).toBe('failed')
  expect(github.requests.filter(({ refused }) => refused !== undefined)).toEqual([])
  expect(github.state.deployments).toMatchObject([
    { sha: head, statuses: [{ state: 'in_progress' }, { state: 'failure' }] },
  ])
  expect(github.state.comments).toMatchObject([{ number: 7, body: expect.stringContaining('**pays**') }])
  // In a block of code nobody is mentioned.
  expect(github.state.comments[0]?.body.replace(/```[\s\S]*?```/g, '')).not.toContain('@team')
  expect(ended.log).toContain('::error title=smoke%3A pays,file=tests/pay.py,line=4::402 @team')
  expect(ended.summary).toContain('| smoke | 0 | **1** | 0 | 0 s |')
})
