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
    },
  },
  {
    title: 'deploy.yml: a push that fails its tests fails the job, and production is untouched',
    async play(world) {
      const before = world.production()
      await world.repository.commit('1.2.0-broken')
      const ran = await world.run({ workflow: 'deploy.yml', event: { name: 'push' } })
      expectJobs(ran, { deploy: { result: 'failure', outcomes: ['failed'] } })
      same(world.production(), before)
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
    title: 'clean-up.yml: where nothing is open, nothing is done',
    async play(world) {
      const before = world.production()
      const ran = await world.run({ workflow: 'clean-up.yml', event: { name: 'schedule' } })
      expectJobs(ran, { recover: { result: 'success', outcomes: ['recovered'] } })
      same(world.production(), before)
    },
  },
]

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
}
