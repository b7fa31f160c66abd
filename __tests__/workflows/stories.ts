import { deepStrictEqual as same, strictEqual } from 'node:assert'
import type { Ran } from './runner.ts'
import type { World } from './world.ts'

/** What one workflow does, told and checked. Throws what is not as it should be. */
export interface Story {
  readonly title: string
  readonly play: (world: World) => Promise<void>
}

/** In this order: each begins where the one before ended. At first 1.0.0 is live on shop-blue, alone. */
export const stories: readonly Story[] = [
  {
    title: 'deploy.yml: a push to main that passes its tests goes to production',
    async play(world) {
      const version = await world.repository.commit('1.1.0')
      const ran = await world.run({ workflow: 'deploy.yml', event: { name: 'push' } })
      expectJobs(ran, { deploy: { result: 'success', outcomes: ['promoted'] } })
      same(world.production(), { environment: 'shop-green', version })
      same(shownLive(world), [version])
    },
  },
  {
    title: 'deploy.yml: a push that fails its tests fails the job, and production is untouched',
    async play(world) {
      const [before, shown] = [world.production(), shownLive(world)]
      await world.repository.commit('1.2.0-broken')
      const ran = await world.run({ workflow: 'deploy.yml', event: { name: 'push' } })
      expectJobs(ran, { deploy: { result: 'failure', outcomes: ['failed'] } })
      same(world.production(), before)
      same(shownLive(world), shown)
    },
  },
  {
    title: 'rollback.yml: the button brings back the version before; pressed twice it does nothing',
    async play(world) {
      const ran = await world.run({ workflow: 'rollback.yml', event: { name: 'workflow_dispatch' } })
      expectJobs(ran, { rollback: { result: 'success', outcomes: ['restored'] } })
      same(world.production(), { environment: 'shop-blue', version: '1.0.0' })
      const again = await world.run({ workflow: 'rollback.yml', event: { name: 'workflow_dispatch' } })
      expectJobs(again, { rollback: { result: 'success', outcomes: ['already-live'] } })
      same(world.production(), { environment: 'shop-blue', version: '1.0.0' })
    },
  },
  {
    title: 'pull-request.yml: a good one is verified in an environment of its own, which is ended',
    async play(world) {
      const before = world.production()
      const sha = await world.repository.commit('1.4.0')
      const ran = await world.run(pullRequest(7, sha))
      expectJobs(ran, { verify: { result: 'success', outcomes: ['verified'] } })
      same(world.production(), before)
      same(world.environments(), ['shop-blue', 'shop-green'])
      same(checksOf(world, sha), ['success'])
      same(commentsOn(world, 7), 1)
    },
  },
  {
    title: 'pull-request.yml: one that fails its tests fails the check, and production is untouched',
    async play(world) {
      const before = world.production()
      const sha = await world.repository.commit('1.2.0-broken')
      const ran = await world.run(pullRequest(8, sha))
      expectJobs(ran, { verify: { result: 'failure', outcomes: ['failed'] } })
      same(world.production(), before)
      same(world.environments(), ['shop-blue', 'shop-green'])
      same(checksOf(world, sha), ['failure'])
    },
  },
  {
    title: 'pull-request.yml: one from a fork is skipped, and says so',
    async play(world) {
      const before = world.production()
      const sha = await world.repository.commit('1.4.0')
      const ran = await world.run({ ...pullRequest(9, sha, 'stranger/shop'), isFromFork: true })
      expectJobs(ran, { verify: { result: 'success', outcomes: ['skipped'] } })
      same(world.production(), before)
      same(world.environments(), ['shop-blue', 'shop-green'])
      same(checksOf(world, sha), [])
    },
  },
  {
    title: 'merge-queue.yml: what is about to be merged is verified in an environment of its own',
    async play(world) {
      const before = world.production()
      await world.repository.commit('1.4.0')
      const ran = await world.run({ workflow: 'merge-queue.yml', event: { name: 'merge_group' } })
      expectJobs(ran, { verify: { result: 'success', outcomes: ['verified'] } })
      same(world.production(), before)
      same(world.environments(), ['shop-blue', 'shop-green'])
    },
  },
  {
    title: 'approve.yml: a push is verified, then promoted in a job of its own',
    async play(world) {
      const version = await world.repository.commit('1.4.0')
      const ran = await world.run({ workflow: 'approve.yml', event: { name: 'push' } })
      expectJobs(ran, {
        verify: { result: 'success', outcomes: ['verified'] },
        promote: { result: 'success', outcomes: ['promoted'] },
      })
      same(world.production(), { environment: 'shop-green', version })
    },
  },
  {
    title: 'clean-up.yml: where nothing is open and nothing is old, nothing is done',
    async play(world) {
      const before = [world.production(), world.environments()]
      const ran = await world.run({ workflow: 'clean-up.yml', event: { name: 'schedule' } })
      expectJobs(ran, {
        recover: { result: 'success', outcomes: ['recovered'] },
        retire: { result: 'success', outcomes: ['retired'] },
      })
      same([world.production(), world.environments()], before)
    },
  },
  {
    title: 'by-hand.yml: status and a dry run only say something; retire ends what production has left',
    async play(world) {
      const before = [world.production(), world.environments()]
      const form = (operation: string, dryRun: boolean) =>
        world.run({
          workflow: 'by-hand.yml',
          event: {
            name: 'workflow_dispatch',
            payload: { inputs: { operation, version: '', 'dry-run': String(dryRun) } },
          },
        })
      expectJobs(await form('status', false), { operate: { result: 'success', outcomes: ['reported'] } })
      expectJobs(await form('retire', true), { operate: { result: 'success', outcomes: ['reported'] } })
      same([world.production(), world.environments()], before)
      expectJobs(await form('retire', false), { operate: { result: 'success', outcomes: ['retired'] } })
      same(world.production(), before[0])
      same(world.environments(), ['shop-green'])
    },
  },
  {
    title: 'all the time: no user of production saw a failure',
    async play({ stage }) {
      const { requests, failed } = stage.users.report(0, stage.aws.simulator.cloud.clock.now())
      strictEqual(requests > 100, true)
      strictEqual(failed, 0)
    },
  },
]

/** What GitHub tells a workflow of a pull request, as far as it matters here. */
const pullRequest = (number: number, sha: string, from = 'acme/shop') => ({
  workflow: 'pull-request.yml',
  event: {
    name: 'pull_request',
    payload: {
      action: 'synchronize',
      number,
      pull_request: {
        number,
        head: { sha, ref: 'feature', repo: { full_name: from, fork: from !== 'acme/shop' } },
        base: { ref: 'main', repo: { full_name: 'acme/shop' } },
      },
      repository: { full_name: 'acme/shop', name: 'shop', owner: { login: 'acme' } },
    },
  },
})

/** The commits whose deployment GitHub shows as active. */
const shownLive = ({ github }: World): readonly string[] =>
  github.state.deployments
    .filter(({ statuses }) => statuses.at(-1)?.state === 'success')
    .map(({ sha }) => sha)

const checksOf = ({ github }: World, sha: string) =>
  github.state.checks.filter(({ head_sha }) => head_sha === sha).map(({ conclusion }) => conclusion)

const commentsOn = ({ github }: World, pullRequest: number) =>
  github.state.comments.filter(({ number }) => number === pullRequest).length

function expectJobs(
  ran: Ran,
  expected: Readonly<Record<string, { readonly result: string; readonly outcomes: readonly string[] }>>,
): void {
  const seen = Object.fromEntries(
    Object.entries(ran.jobs).map(([name, { result, outputs }]) => [
      name,
      { result, outcomes: outputs.flatMap(({ outcome }) => outcome ?? []) },
    ]),
  )
  same(seen, expected)
  const fails = Object.values(expected).some(({ result }) => result === 'failure')
  strictEqual(ran.exitCode, fails ? 1 : 0)
  for (const [name, { summary }] of Object.entries(ran.jobs))
    if (summary.trim() === '') throw new Error(`${name} wrote no summary`)
  const lacking = /GitHub was not told.*/.exec(ran.log)?.[0]
  if (lacking !== undefined) throw new Error(lacking)
}
