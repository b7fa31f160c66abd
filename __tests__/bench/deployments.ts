import { type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

/** What a whole deployment to an existing environment costs, in virtual time. Durations in ms. */
export interface Cost {
  readonly calls: number
  readonly took: number
  /** What AWS's own operations, the bake and the waits for stable health, before and after the tests, took of it. */
  readonly needed: number
  /** From the end of an operation of Beanstalk's to the next thing that the action did, on average. */
  readonly lateness: number
  readonly callsPerSecondWhileWaiting: number
}

const bake = 300_000
const stable = 30_000
/** What the last requests of the tests make of the health is seen by then. */
const afterTests = 25_000

/** Deploys once to a standing pair whose sizes are equal, so that nothing has to be scaled. */
export async function costOfDeployment(): Promise<Cost> {
  const story = await standing()
  const from = story.aws.calls.length
  const began = story.clock.now()
  const seen = await story.run({ version: '1.1.0' })
  if (seen.outputs.outcome !== 'promoted') throw new Error(`the deployment ended ${seen.outputs.outcome}`)
  const calls = story.aws.calls.slice(from)
  const update = operation(
    story,
    'Environment update is starting.',
    'Environment update completed successfully.',
  )
  const swap = operation(story, 'swapEnvironmentCNAMEs is starting.', 'Completed swapping CNAMEs')
  const operations = [update, swap]
  const needed = operations.reduce((sum, { took }) => sum + took, 0) + bake + stable + afterTests
  const lateness = operations.map(({ endedAt }) => lateBy(calls, endedAt))
  const during = calls.filter(({ at }) => at > update.endedAt - update.took && at < update.endedAt)
  return {
    calls: calls.length,
    took: story.clock.now() - began,
    needed,
    lateness: lateness.reduce((sum, late) => sum + late, 0) / lateness.length,
    callsPerSecondWhileWaiting: during.length / (update.took / 1_000),
  }
}

/** Rounds of calls, each sent when the one before had answered, up to the call that moves production. */
export async function roundsOfRollback(): Promise<number> {
  const story = await standing()
  await story.run({ version: '1.1.0' })
  await story.clock.runUntil(story.clock.now() + 600_000)
  const from = story.aws.calls.length
  const seen = await story.run({ operation: 'rollback' })
  if (seen.outputs.outcome !== 'restored') throw new Error(`the rollback ended ${seen.outputs.outcome}`)
  const calls = story.aws.calls.slice(from)
  const swap = calls.findIndex(({ operation }) => operation === 'SwapEnvironmentCNAMEs')
  // Calls of one round arrive at the same instant; a call takes 40 ms of virtual time.
  return new Set(calls.slice(0, swap + 1).map(({ at }) => at)).size
}

async function standing(): Promise<Scenario> {
  // How long AWS goes on showing the old state is AWS's own time.
  const story = scenario({ switches: { staleReadsMs: 0 } })
  await standingPair(story, { liveInstances: 2, otherInstances: 2 })
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.users()
  return story
}

interface Operation {
  readonly endedAt: number
  readonly took: number
}

function operation(story: Scenario, start: string, end: string): Operation {
  const events = story.aws.beanstalk.events()
  const first = events.find(({ message }) => message === start)
  const last = events.findLast(({ message }) => message.startsWith(end))
  if (!first || !last) throw new Error(`there is no event “${first ? end : start}”`)
  return { endedAt: last.at, took: last.at - first.at }
}

const lateBy = (calls: Scenario['aws']['calls'], endedAt: number): number =>
  (calls.find(({ at }) => at >= endedAt)?.at ?? endedAt) - endedAt
