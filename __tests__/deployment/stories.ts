import type { OutcomeName } from '../../src/deployment/outcome.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { shareOf } from './weights.ts'
import {
  addLeftover,
  type Call,
  type OperationOf,
  promotedPair,
  publish,
  standingPair,
  until,
  verifiedPair,
  type World,
  weightedPair,
} from './world.ts'

/** An operation in a world, to be disturbed at every one of its calls. */
export interface Story {
  readonly name: string
  readonly operation: OperationOf
  readonly settings: Partial<Settings>
  /** How it ends when nobody disturbs it. */
  readonly ends: OutcomeName
  world(): Promise<World>
}

const quick: Partial<Settings> = { bakeTime: 40_000, healthStableFor: 10_000, drainTimeout: 60_000 }

const inSteps: Partial<Settings> = { ...quick, trafficSteps: [10, 50, 100], stepInterval: 20_000 }

/** What operations do, each in its own way of touching AWS. */
export const stories: readonly Story[] = [
  {
    name: 'a deployment to the other environment',
    operation: 'deploy',
    settings: quick,
    ends: 'promoted',
    world: async () => standingPair(),
  },
  {
    name: 'a deployment that creates the other environment and ends it when it fails',
    operation: 'deploy',
    settings: { ...quick, onFailure: 'terminate' },
    ends: 'promoted',
    world: async () => aloneOnBlue(),
  },
  {
    name: 'a deployment that ends the old environment',
    operation: 'deploy',
    settings: { ...quick, standby: 'terminate' },
    ends: 'promoted',
    world: async () => standingPair(),
  },
  {
    name: 'a deployment that scales the old environment down, after another that did',
    operation: 'deploy',
    settings: { ...quick, standby: 'scale-down', version: '1.2.0' },
    ends: 'promoted',
    world: async () => {
      const world = await promotedPair({ ...quick, standby: 'scale-down' })
      publish(world, '1.2.0', world.clock.now())
      return world
    },
  },
  {
    name: 'a deployment that publishes its version and fails in its bake',
    operation: 'deploy',
    settings: { ...quick, version: '1.2.0', package: 'bundle.zip' },
    ends: 'rolled-back',
    world: async () => {
      const world = standingPair()
      world.aws.behaviours.set('1.2.0', { status: () => (world.live() === 'shop-green' ? 500 : 200) })
      return world
    },
  },
  {
    name: 'a deployment whose requests get lost at first',
    operation: 'deploy',
    settings: { ...quick, version: '1.2.0', package: 'bundle.zip' },
    ends: 'promoted',
    world: async () => {
      const world = standingPair()
      world.wire.fail('createVersion', 'never arrives')
      world.wire.fail('deploy', 'never arrives')
      world.wire.fail('resize', 'answer lost')
      return world
    },
  },
  {
    name: 'a deployment that fails in its bake and ends what it created',
    operation: 'deploy',
    settings: { ...quick, onFailure: 'terminate' },
    ends: 'rolled-back',
    world: async () => {
      const world = aloneOnBlue()
      world.aws.behaviours.set('1.1.0', { status: () => (world.live() === 'shop-green' ? 500 : 200) })
      return world
    },
  },
  {
    name: 'a verification in the other environment, which has been the way back',
    operation: 'verify',
    settings: { ...quick, version: '1.2.0' },
    ends: 'verified',
    world: async () => {
      const world = await promotedPair(quick)
      publish(world, '1.2.0', world.clock.now())
      return world
    },
  },
  {
    name: 'a verification that creates its own environment and ends it',
    operation: 'verify',
    settings: { ...quick, afterVerify: 'terminate', onFailure: 'terminate' },
    ends: 'verified',
    world: async () => aloneOnBlue(),
  },
  {
    name: 'a verification that makes its environment small, again',
    operation: 'verify',
    settings: { ...quick, afterVerify: 'scale-down' },
    ends: 'verified',
    world: () => verifiedPair({ ...quick, afterVerify: 'scale-down' }),
  },
  {
    name: 'a promotion of what was verified and made small',
    operation: 'promote',
    settings: { ...quick, testCommand: undefined },
    ends: 'promoted',
    world: () => verifiedPair({ ...quick, afterVerify: 'scale-down' }),
  },
  {
    name: 'a promotion that verifies again',
    operation: 'promote',
    settings: quick,
    ends: 'promoted',
    world: async () => standingPair(),
  },
  {
    name: 'a rollback',
    operation: 'rollback',
    settings: quick,
    ends: 'restored',
    world: () => promotedPair(quick),
  },
  {
    name: 'a rollback that takes over from a bake',
    operation: 'rollback',
    settings: quick,
    ends: 'restored',
    world: async () => {
      const world = standingPair()
      world.start('deploy', { bakeTime: 3_600_000 })
      await until(world, () => world.object.state.holder?.baking === true)
      return world
    },
  },
  {
    name: 'a rollback that has to deploy first',
    operation: 'rollback',
    settings: quick,
    ends: 'restored',
    world: async () => {
      const world = await promotedPair(quick)
      const blue = world.aws.member('shop-blue')
      blue.version = '0.9.0'
      blue.labels = { 'i-blue-1': '0.9.0', 'i-blue-2': '0.9.0' }
      return world
    },
  },
  {
    name: 'a rollback to a version whose environment is gone',
    operation: 'rollback',
    settings: { ...quick, to: '1.0.0', onFailure: 'terminate' },
    ends: 'restored',
    world: () => promotedPair({ ...quick, standby: 'terminate' }),
  },
  {
    name: 'a rollback that is forced on what is small',
    operation: 'rollback',
    settings: { ...quick, force: true },
    ends: 'restored',
    world: () => promotedPair({ ...quick, standby: 'scale-down' }),
  },
  {
    name: 'a retirement that ends the standby, and a leftover',
    operation: 'retire',
    settings: { ...quick, leftovers: 'shop-pr-*', retireAfter: 3_600_000 },
    ends: 'retired',
    world: async () => {
      const world = await promotedPair(quick)
      addLeftover(world)
      await world.clock.runUntil(world.clock.now() + 2 * 3_600_000)
      return world
    },
  },
  {
    name: 'a retirement that scales the standby down',
    operation: 'retire',
    settings: { ...quick, standby: 'scale-down' },
    ends: 'retired',
    world: () => promotedPair(quick),
  },
  {
    name: 'a deployment in steps',
    operation: 'deploy',
    settings: inSteps,
    ends: 'promoted',
    world: async () => weightedPair(),
  },
  {
    name: 'a deployment in steps to an environment that it creates, whose second step fails',
    operation: 'deploy',
    settings: { ...inSteps, onFailure: 'terminate' },
    ends: 'rolled-back',
    world: async () => {
      const world = weightedPair()
      world.aws.members.splice(1, 1)
      const health = { get: () => (isHalfOn(world) ? 'Severe' : 'Ok') }
      world.aws.behaviours.set('1.1.0', Object.defineProperty({}, 'health', health))
      return world
    },
  },
  {
    name: 'a deployment in steps that ends the old environment',
    operation: 'deploy',
    settings: { ...inSteps, standby: 'terminate' },
    ends: 'promoted',
    world: async () => weightedPair(),
  },
  {
    name: 'a rollback of what went live in steps',
    operation: 'rollback',
    settings: inSteps,
    ends: 'restored',
    world: async () => {
      const world = weightedPair()
      await world.run('deploy', inSteps)
      await world.clock.runUntil(world.clock.now() + 600_000)
      return world
    },
  },
]

const isHalfOn = ({ aws }: World): boolean =>
  aws.members.some(({ id, version }) => version === '1.1.0' && shareOf(aws, id) >= 50)

function aloneOnBlue(): World {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  return world
}

/** The calls at which a disturbance differs from the one before: users' requests are all alike. */
const isMoment = ({ name }: Call): boolean => name !== 'ask'

/** How many moments the story has when nobody disturbs it. */
export async function momentsOf(story: Story): Promise<number> {
  const world = await story.world()
  const from = world.wire.calls.length
  const running = world.start(story.operation, story.settings)
  await world.clock.run(running.ended)
  return world.wire.calls.slice(from).filter((call) => isOf(running.ports.journal.run, call)).length
}

/** Runs the story and does something to it as its n-th call is answered (or sent). */
export async function disturb(
  story: Story,
  moment: { readonly at: number; readonly when: 'sent' | 'answered' },
  act: (running: ReturnType<World['start']>, world: World) => void,
): Promise<{ readonly world: World; readonly running: ReturnType<World['start']>; readonly call: Call }> {
  const world = await story.world()
  const running = world.start(story.operation, story.settings)
  let count = 0
  let call: Call | undefined
  world.wire.watch((when, one) => {
    if (when !== moment.when || !isOf(running.ports.journal.run, one)) return
    if (count === moment.at) {
      call = one
      act(running, world)
    }
    count += 1
  })
  await world.clock.run(running.ended.catch(() => {}))
  if (!call) throw new Error('the story ended before that moment')
  return { world, running, call }
}

const isOf = (run: string, call: Call): boolean => call.by === run && isMoment(call)
