import { type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

/** What a whole deployment costs, in virtual time. Durations in ms. */
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

/** The average of some deployments, one after the other, to a standing pair whose sizes are equal and whose journal knows it. */
export async function costOfDeployment(measured = 6): Promise<Cost> {
  const story = await standing()
  const costs: Cost[] = []
  const first = 2
  for (let run = 0; run < first + measured; run++) {
    const cost = await deployOnce(story, `1.${run + 1}.0`)
    if (run >= first) costs.push(cost)
    // The day goes on: whatever is young is old by then.
    await story.clock.runUntil(story.clock.now() + 3_600_000)
  }
  const mean = (of: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length
  return {
    calls: Math.max(...costs.map(({ calls }) => calls)),
    took: mean(({ took }) => took),
    needed: mean(({ needed }) => needed),
    lateness: mean(({ lateness }) => lateness),
    callsPerSecondWhileWaiting: Math.max(...costs.map((cost) => cost.callsPerSecondWhileWaiting)),
  }
}

/** The calls of one deployment where nothing is long: no bake, no waiting for stable health. */
export async function callsWhenShort(): Promise<number> {
  const story = await standing()
  const from = story.aws.calls.length
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const seen = await story.run({
    version: '1.1.0',
    'bake-time': '0s',
    'health-stable-for': '0s',
    'test-command': '',
  })
  ended(seen.outputs.outcome, 'promoted')
  return story.aws.calls.length - from
}

async function deployOnce(story: Scenario, version: string): Promise<Cost> {
  story.aws.beanstalk.given.version('shop', version)
  const from = story.aws.calls.length
  const began = story.clock.now()
  const seen = await story.run({ version })
  ended(seen.outputs.outcome, 'promoted')
  const calls = story.aws.calls.slice(from)
  const [update, swap] = operationsOf(story, began, 'shop')
  const operations = [update, swap]
  const lateness = operations.map(({ endedAt }) => lateBy(calls, endedAt))
  const during = calls.filter(({ at }) => at > update.endedAt - update.took && at < update.endedAt)
  return {
    calls: calls.length,
    took: story.clock.now() - began,
    needed: neededBy(operations),
    lateness: lateness.reduce((sum, late) => sum + late, 0) / lateness.length,
    callsPerSecondWhileWaiting: during.length / (update.took / 1_000),
  }
}

/** Some deployments, each to a new account with users. */
export async function deployOften(times: number): Promise<void> {
  for (let run = 0; run < times; run++) {
    const story = await standing()
    story.users()
    await deployOnce(story, '1.1.0')
  }
}

/** Rounds of calls, each sent when the one before had answered, up to the call that moves production. */
export async function roundsOfRollback(): Promise<number> {
  const story = await standing()
  await deployOnce(story, '1.1.0')
  await story.clock.runUntil(story.clock.now() + 600_000)
  const from = story.aws.calls.length
  const seen = await story.run({ operation: 'rollback' })
  ended(seen.outputs.outcome, 'restored')
  const calls = story.aws.calls.slice(from)
  const swap = calls.findIndex(({ operation }) => operation === 'SwapEnvironmentCNAMEs')
  // Calls of one round arrive at the same instant; a call takes 40 ms of virtual time.
  return new Set(calls.slice(0, swap + 1).map(({ at }) => at)).size
}

/** The calls of one deployment in an account that has so many versions and other environments of the application. */
export async function callsInAccountOf(versions: number, environments: number): Promise<number> {
  const story = await standing()
  const { given } = story.aws.beanstalk
  for (let index = 0; index < versions; index++) given.version('shop', `old-${index}`)
  for (let index = 0; index < environments; index++)
    await given.environment({ application: 'shop', name: `other-${index}`, version: '1.0.0', single: true })
  return (await deployOnce(story, '1.1.0')).calls
}

/** The calls of one deployment in steps, of a name in a Route 53 zone that has so many records. */
export async function callsInZoneOf(records: number): Promise<number> {
  const story = await standing()
  const { endpoint = '' } =
    story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-blue') ?? {}
  const record = (name: string, value: string) => ({
    Name: `${name}.example.com`,
    Type: 'CNAME' as const,
    TTL: 60,
    ResourceRecords: [{ Value: value }],
  })
  const others = Array.from({ length: records - 1 }, (_, index) =>
    record(`host-${index}`, 'elsewhere.example.net'),
  )
  const zone = story.aws.route53.given.zone({
    name: 'example.com',
    records: [record('www', endpoint), ...others],
  })
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const from = story.aws.calls.length
  const seen = await story.run({
    version: '1.1.0',
    traffic: 'route53',
    'hosted-zone-id': zone,
    'record-name': 'www.example.com',
    'production-cname': '',
    'step-interval': '1m',
  })
  ended(seen.outputs.outcome, 'promoted')
  return story.aws.calls.slice(from).filter(({ service }) => service === 'route53').length
}

/** Four deployments of four pairs that start in the same second in one account. */
export interface Together {
  readonly failed: number
  readonly throttled: number
  /** How much longer than AWS's own time the slowest took, beyond what one alone adds to it, in ms. */
  readonly cost: number
}

/** Deploys to four pairs of one account at once, throttled as AWS does: two reads a second, fifteen in a burst. */
export async function fourAtOnce(): Promise<Together> {
  const alone = await addedTo(1)
  const { added, ...together } = await addedTo(4)
  return { ...together, cost: Math.max(...added) - Math.max(...alone.added) }
}

async function addedTo(pairs: number): Promise<{ added: number[]; failed: number; throttled: number }> {
  const story = scenario({ switches: { staleReadsMs: 0 }, seed: 3 })
  const names = Array.from({ length: pairs }, (_, index) => `shop${index + 1}`)
  for (const name of names) await pairNamed(story, name)
  await story.clock.runUntil(story.clock.now() + 60_000)
  const from = story.aws.calls.length
  const runs = names.map(async (name) => {
    const began = story.clock.now()
    const { ended: end, seen } = story.start({ ...inputsOf(name), version: '1.1.0' })
    await end
    const took = story.clock.now() - began
    return { added: took - neededBy(operationsOf(story, began, name)), outcome: seen.outputs.outcome }
  })
  const ends = await story.clock.run(Promise.all(runs))
  return {
    added: ends.map(({ added }) => added),
    failed: ends.filter(({ outcome }) => outcome !== 'promoted').length,
    throttled: story.aws.calls.slice(from).filter(({ error }) => error === 'Throttling').length,
  }
}

const inputsOf = (name: string) => ({
  application: name,
  'blue-environment': `${name}-blue`,
  'green-environment': `${name}-green`,
  'production-cname': name,
})

async function pairNamed(story: Scenario, name: string): Promise<void> {
  const { given } = story.aws.beanstalk
  given.application(name)
  given.version(name, '1.0.0')
  given.version(name, '1.1.0')
  const shared = { application: name, version: '1.0.0', minSize: 2, instances: 2 }
  await given.environment({ ...shared, name: `${name}-blue`, cnamePrefix: name })
  await given.environment({ ...shared, name: `${name}-green` })
}

async function standing(): Promise<Scenario> {
  // How long AWS goes on showing the old state is AWS's own time.
  const story = scenario({ switches: { staleReadsMs: 0 } })
  await standingPair(story, { liveInstances: 2, otherInstances: 2 })
  return story
}

function ended(outcome: string | undefined, wanted: string): void {
  if (outcome !== wanted) throw new Error(`it ended ${outcome}, not ${wanted}`)
}

interface Operation {
  readonly endedAt: number
  readonly took: number
}

/** The update and the swap of an application's deployment, by Beanstalk's own events. */
function operationsOf(story: Scenario, from: number, application: string): readonly [Operation, Operation] {
  const events = story.aws.beanstalk
    .events()
    .filter((event) => event.at >= from && event.application === application)
  const between = (start: string, end: string): Operation => {
    const first = events.find(({ message }) => message === start)
    const last = events.findLast(({ message }) => message.startsWith(end))
    if (!first || !last) throw new Error(`there is no event “${first ? end : start}”`)
    return { endedAt: last.at, took: last.at - first.at }
  }
  return [
    between('Environment update is starting.', 'Environment update completed'),
    between('swapEnvironmentCNAMEs is starting.', 'Completed swapping CNAMEs'),
  ]
}

/** AWS's own time, the bake, and the waits for stable health. */
const neededBy = (operations: readonly Operation[]): number =>
  operations.reduce((sum, { took }) => sum + took, 0) + bake + stable + afterTests

const lateBy = (calls: Scenario['aws']['calls'], endedAt: number): number =>
  (calls.find(({ at }) => at >= endedAt)?.at ?? endedAt) - endedAt
