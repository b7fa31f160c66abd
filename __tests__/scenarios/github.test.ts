import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FaultName } from '../../simulator/github/faults.ts'
import { createLocalGithub, type LocalGithub } from '../../simulator/github/github.ts'
import { readPermissions } from '../../simulator/github/permissions.ts'
import { commit, type Inputs, scenario, standingPair } from '../helpers/scenario.ts'

async function withGithub() {
  const story = scenario()
  await standingPair(story)
  for (const version of ['1.1.0', '1.2.0']) story.aws.beanstalk.given.version('shop', version)
  const github = createLocalGithub({ clock: story.clock, repository: 'acme/shop' })
  return { story, github, run: (inputs: Inputs) => story.run(inputs, { github }) }
}

/** The deployments as GitHub shows them: version, and the states from first to last. */
const shown = ({ state }: LocalGithub) =>
  state.deployments.map(({ payload, statuses }) => [
    (payload as { version: string }).version,
    ...statuses.map((status) => status.state),
  ])

const refused = ({ requests }: LocalGithub) => requests.filter(({ refused }) => refused !== undefined)

let folder: string | undefined
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true })
  folder = undefined
})

async function eventFile(event: unknown): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'event-'))
  const path = join(folder, 'event.json')
  await writeFile(path, JSON.stringify(event))
  return path
}

const head = 'f'.repeat(40)
const pullRequest = (repository = 'acme/shop') => ({
  pull_request: { number: 7, head: { sha: head, repo: { full_name: repository } } },
})

describe('a deployment, as GitHub is told of it', () => {
  it('is in progress, then a success with the production address and the run; the one before becomes inactive', async () => {
    const { github, run } = await withGithub()

    await run({ version: '1.1.0' })
    await run({ version: '1.2.0' })

    expect(refused(github)).toEqual([])
    expect(shown(github)).toEqual([
      ['1.1.0', 'in_progress', 'success', 'inactive'],
      ['1.2.0', 'in_progress', 'success'],
    ])
    expect(github.state.deployments[1]).toMatchObject({
      sha: commit,
      environment: 'shop',
      production_environment: true,
      statuses: [
        { log_url: 'https://github.com/acme/shop/actions/runs/1002/attempts/1' },
        {
          description: expect.stringMatching(/^1\.2\.0 on shop-blue \(e-/),
          environment_url: 'http://shop.us-east-1.elasticbeanstalk.com',
        },
      ],
    })
  })

  it('is a failure when its tests fail, and what is live stays a success', async () => {
    const { story, github, run } = await withGithub()
    await run({ version: '1.1.0' })

    const seen = await story.run({ version: '1.2.0' }, { github, tests: async () => false })

    expect(seen.outputs.outcome).toBe('failed')
    expect(shown(github)).toEqual([
      ['1.1.0', 'in_progress', 'success'],
      ['1.2.0', 'in_progress', 'failure'],
    ])
  })

  it('that is rolled back becomes inactive, and the older one a success again', async () => {
    const { github, run } = await withGithub()
    await run({ version: '1.1.0' })
    await run({ version: '1.2.0' })

    const back = await run({ operation: 'rollback' })
    await run({ operation: 'rollback' })

    expect(back.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.1.0' })
    expect(refused(github)).toEqual([])
    expect(shown(github)).toEqual([
      ['1.1.0', 'in_progress', 'success', 'inactive', 'success'],
      ['1.2.0', 'in_progress', 'success', 'inactive'],
    ])
  })

  it('of another pair in the same environment stays as it is', async () => {
    const { story, github, run } = await withGithub()
    const fetchOther = { ref: commit, auto_merge: false, required_contexts: [], environment: 'shop' }
    const headers = { 'user-agent': 'x', authorization: 'token t' }
    const post = (path: string, body: unknown) =>
      story.clock.run(
        github.handle({
          method: 'POST',
          path: `/repos/acme/shop/deployments${path}`,
          headers,
          body: JSON.stringify(body),
        }),
      )
    await post('', {
      ...fetchOther,
      payload: { 'beanstalk-blue-green': 1, pair: 'another', version: '1.1.0' },
    })
    await post('', { ...fetchOther, payload: '"no object"' })
    await post('/1/statuses', { state: 'success' })

    await run({ version: '1.1.0' })

    expect(github.state.deployments[0]?.statuses.map(({ state }) => state)).toEqual(['success'])
  })

  it('that is cancelled is told by the post step, when it has taken back what was open', async () => {
    const { story, github } = await withGithub()
    const running = story.start({ version: '1.1.0', 'bake-time': '10m' }, { github })
    while (!running.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 1_000)
    running.cancel()
    const seen = await story.clock.run(running.ended)
    expect(shown(github)).toEqual([['1.1.0', 'in_progress']])

    await story.post(seen, { version: '1.1.0', 'bake-time': '10m' }, { github })

    expect(shown(github)).toEqual([['1.1.0', 'in_progress', 'failure']])
  })

  it('is not shown at all with `github-environment: none`, and under the name that is given otherwise', async () => {
    const { github, run } = await withGithub()
    await run({ version: '1.1.0', 'github-environment': 'none' })
    expect(github.requests).toEqual([])
    await run({ version: '1.2.0', 'github-environment': 'production' })
    expect(github.state.deployments.map(({ environment }) => environment)).toEqual(['production'])
  })

  it('is none where nothing is changed: `status` and `dry-run` tell nobody', async () => {
    const { github, run } = await withGithub()
    await run({ operation: 'status' })
    await run({ version: '1.1.0', 'dry-run': 'true' })
    expect(github.requests).toEqual([])
  })

  it('is told to nobody without a token, and silently', async () => {
    const { github, run } = await withGithub()
    const seen = await run({ version: '1.1.0', 'github-token': '' })
    expect(github.requests).toEqual([])
    expect(seen.annotations).toEqual([])
    expect(seen.log.join('\n')).not.toContain('GitHub')
  })
})

describe('a pull request', () => {
  const onPull = async (event: unknown, operation = 'deploy') => {
    const { story, github } = await withGithub()
    const environment = { GITHUB_EVENT_PATH: await eventFile(event), GITHUB_SHA: commit }
    const run = (inputs: Inputs, tests = true) =>
      story.run({ operation, ...inputs }, { github, environment, tests: async () => tests })
    return { github, run }
  }

  it('gets one comment, which is kept up to date', async () => {
    const { github, run } = await onPull(pullRequest())
    await run({ version: '1.1.0' }, false)
    expect(github.state.comments[0]?.body).toContain('❌ <code>shop</code>: failed')
    expect(github.state.comments[0]?.body).toMatch(/\| candidate \| <a href="http:\/\/shop-green\./)

    await run({ version: '1.1.0' })

    expect(github.state.comments).toHaveLength(1)
    const [comment] = github.state.comments
    expect(comment).toMatchObject({ number: 7 })
    expect(comment?.body).toContain('✅ <code>shop</code>: promoted')
    expect(comment?.body).toContain('| production | <a href="http://shop.us-east-1.elasticbeanstalk.com">')
    expect(comment?.body).toContain('| tests | passed |')
    expect(comment?.body).toContain('| health | <code>Ok</code> |')
  })

  it('is what its own commit is deployed for, not the trial merge', async () => {
    const { github, run } = await onPull(pullRequest())
    await run({ version: '1.1.0' })
    expect(github.state.deployments[0]?.sha).toBe(head)
  })

  it('from a fork is told nothing, since its token may only read, and the log says so', async () => {
    const { github, run } = await onPull(pullRequest('stranger/shop'))
    const seen = await run({ version: '1.1.0' })
    expect(github.requests).toEqual([])
    expect(seen.outputs.outcome).toBe('promoted')
    expect(seen.annotations).toEqual([])
    expect(seen.log.join('\n')).toContain('a pull request from a fork')
  })
})

describe('a verification', () => {
  const results = {
    passed: 1,
    failed: 1,
    skipped: 0,
    took: 1_000,
    suites: [{ name: 'cart', passed: 1, failed: 1, skipped: 0, took: 1_000 }],
    failures: [{ suite: 'cart', name: 'pays', message: '402', file: 'tests/pay.py', line: 4 }],
    complaints: [],
  }
  const verify = { operation: 'verify', version: '1.1.0' }

  it('is a check on the pull request’s own commit and a comment with the candidate, and no deployment', async () => {
    const { story, github } = await withGithub()
    const environment = { GITHUB_EVENT_PATH: await eventFile(pullRequest()) }

    const seen = await story.run(verify, { github, environment })

    expect(seen.outputs.outcome).toBe('verified')
    expect(refused(github)).toEqual([])
    expect(github.state.deployments).toEqual([])
    expect(github.state.checks).toMatchObject([
      {
        name: 'Beanstalk Blue/Green: shop',
        head_sha: head,
        conclusion: 'success',
        details_url: 'https://github.com/acme/shop/actions/runs/1001/attempts/1',
      },
    ])
    expect(github.state.comments[0]?.body).toMatch(/\| candidate \| <a href="http:\/\/shop-green\./)
  })

  it('that fails is a failed check, with the failed tests at their lines', async () => {
    const { story, github } = await withGithub()

    const seen = await story.run(verify, { github, tests: async () => false, results })

    expect(seen.outputs.outcome).toBe('failed')
    expect(github.state.checks).toMatchObject([
      { head_sha: commit, conclusion: 'failure', annotations: [{ path: 'tests/pay.py', start_line: 4 }] },
    ])
    expect(seen.annotations.filter(({ is }) => is === 'error')).toMatchObject([
      { at: { file: 'tests/pay.py', startLine: 4 }, says: '402' },
      { says: expect.stringContaining('The tests failed') },
    ])
    expect(seen.summary).toContain('| cart | 1 | **1** | 0 | 1 s |')
  })

  it('keeps the job’s secrets to itself that a failed test quotes, in check and comment', async () => {
    const { story, github } = await withGithub()
    const secret = 'hunter2-of-staging'
    const message = `connect ECONNREFUSED postgres://shop:${secret}@db.internal/shop`
    const environment = {
      GITHUB_EVENT_PATH: await eventFile(pullRequest()),
      DATABASE_URL: `postgres://shop:${secret}@db.internal/shop`,
    }
    const failures = [{ suite: 'cart', name: `pays ${secret}`, message, file: 'tests/pay.py', line: 4 }]

    await story.run(verify, {
      github,
      tests: async () => false,
      results: { ...results, failures },
      environment,
    })

    expect(github.state.checks).toHaveLength(1)
    expect(JSON.stringify(github.state)).toContain('connect ECONNREFUSED')
    expect(JSON.stringify(github.state)).not.toContain(secret)
  })

  it('that is cancelled is a cancelled check, which is no success, told by the post step', async () => {
    const { story, github } = await withGithub()
    const environment = { GITHUB_EVENT_PATH: await eventFile(pullRequest()) }
    const running = story.start(verify, { github, environment })
    while (!running.seen.log.includes('▸ Prepare candidate'))
      await story.clock.runUntil(story.clock.now() + 1_000)
    running.cancel()
    const seen = await story.clock.run(running.ended)
    expect(github.state.checks).toMatchObject([{ status: 'in_progress' }])

    await story.post(seen, verify, { github, environment })

    expect(github.state.checks).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }])
    expect(github.state.comments[0]?.body).toContain('⏹️ <code>shop</code>: cancelled')
  })

  it('promoted afterwards is a deployment', async () => {
    const { github, run } = await withGithub()
    await run(verify)
    const seen = await run({ operation: 'promote', version: '1.1.0' })
    expect(seen.outputs.outcome).toBe('promoted')
    expect(shown(github)).toEqual([['1.1.0', 'in_progress', 'success']])
  })
})

describe('whatever GitHub says, the deployment ends as it would have', () => {
  const plain = async () => {
    const { story } = await withGithub()
    return story.run({ version: '1.1.0' })
  }
  const faults: readonly FaultName[] = [
    'unauthorized',
    'not-found',
    'invalid',
    'rate-limit',
    'secondary-rate-limit',
    'too-many-requests',
    'bad-gateway',
    'unavailable',
    'hang',
    'slow',
    'reset',
    'lost',
  ]

  it.each(faults)('%s', async (fault) => {
    const { story, github, run } = await withGithub()
    github.order({ fault })
    const began = story.clock.now()

    const seen = await run({ version: '1.1.0' })

    const without = await plain()
    expect(seen.failed).toBeUndefined()
    const { 'deploy-seconds': _, ...outputs } = seen.outputs
    expect(without.outputs).toMatchObject(outputs)
    expect(seen.annotations).toEqual([])
    expect(seen.log.join('\n')).toContain('GitHub was not told of')
    expect(seen.log.join('\n')).not.toContain('<html>')
    expect(seen.log.join('\n')).not.toContain('ghs_of-the-job')
    expect(story.clock.now() - began).toBeLessThan(20 * 60_000)
  })

  it.each([['/'], ['/statuses']])(
    'a GitHub that never answers below %s costs half a minute at most, and nothing before the switch',
    async (path) => {
      const timeOf = async (fault?: FaultName) => {
        const { story, github, run } = await withGithub()
        await run({ version: '1.1.0' })
        if (fault) github.order({ fault, path })
        const [began, from] = [story.clock.now(), story.aws.calls.length]
        await run({ version: '1.2.0' })
        const swap = story.aws.calls
          .slice(from)
          .find(({ operation }) => operation === 'SwapEnvironmentCNAMEs')
        return { switched: (swap?.at ?? 0) - began, took: story.clock.now() - began }
      }
      const [well, hung] = [await timeOf(), await timeOf('hang')]
      expect(hung.switched).toBe(well.switched)
      expect(hung.took - well.took).toBeLessThanOrEqual(30_000)
    },
  )

  it('an answer that was lost makes no second deployment', async () => {
    const { github, run } = await withGithub()
    github.order({ fault: 'lost', method: 'POST', path: '/deployments', times: 1 })
    await run({ version: '1.1.0' })
    expect(github.state.deployments).toHaveLength(1)
  })

  it('an outage that passes is survived: what may be sent again is sent again', async () => {
    const { github, run } = await withGithub()
    github.order({ fault: 'bad-gateway', path: '/statuses', times: 1 })
    await run({ version: '1.1.0' })
    expect(shown(github)).toEqual([['1.1.0', 'in_progress', 'success']])
  })

  it('a missing permission is one warning that names the line to add, and is asked for once', async () => {
    const { github, run } = await withGithub()
    github.permit(readPermissions('deployments=none,checks=none,issues=none,pull-requests=none') as never)

    const seen = await run({ version: '1.1.0' })

    expect(seen.outputs.outcome).toBe('promoted')
    expect(seen.annotations).toMatchObject([{ is: 'warning' }])
    expect(seen.annotations[0]?.says).toContain('Add `deployments: write` to the `permissions:`')
    expect(github.requests).toHaveLength(1)
  })

  it('two missing permissions are still one warning', async () => {
    const { story, github } = await withGithub()
    github.permit(readPermissions('deployments=none,issues=none,pull-requests=none') as never)
    const environment = { GITHUB_EVENT_PATH: await eventFile(pullRequest()) }
    const seen = await story.run({ version: '1.1.0' }, { github, environment })
    expect(seen.annotations.map(({ says }) => says)).toEqual([
      expect.stringContaining('Add `deployments: write` and `pull-requests: write`'),
    ])
  })

  it('a limit of requests ends what is told: nobody knocks on a closed door', async () => {
    const { github, run } = await withGithub()
    github.order({ fault: 'secondary-rate-limit' })
    await run({ version: '1.1.0' })
    expect(github.requests).toHaveLength(1)
  })
})
