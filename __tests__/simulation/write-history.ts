import type { CallFault, EnvironmentFault } from '../../simulator/faults.ts'
import { likely, type Switches, unlikely } from '../../simulator/switches.ts'
import { type Dice, diceOf } from './dice.ts'
import {
  application,
  type Begins,
  type Chapter,
  type Colour,
  type GivenMember,
  type History,
  type Manner,
  type Mishap,
  type Moment,
  nameOf,
  ownName,
  region,
  type Start,
  secrets,
  versions,
} from './history.ts'
import { reroute } from './reroute.ts'

/** The whole history of a seed. Pure: the same seed gives the same history. */
export const writeHistory = (seed: number): History => reroute(writeSwapHistory(seed))

/** The same with the CNAME swap, whatever moves production in that history. */
export function writeSwapHistory(seed: number): History {
  const dice = diceOf(seed)
  const start = writeStart(dice)
  const turmoil = dice.weighed({ calm: 2, mishap: 5, storm: 6 })
  const count = dice.weighed({ 1: 3, 2: 5, 3: 4, 4: 2 })
  const newVersions = versions.slice(1)
  const chapters = Array.from({ length: Number(count) }, (_, index) =>
    writeChapter(dice, { index, start, turmoil, newVersions }),
  )
  return {
    seed,
    switches: writeSwitches(dice),
    start,
    routing: { by: 'cname-swap' },
    apps: Object.fromEntries(newVersions.map((label) => [label, writeManner(dice)])),
    users: { count: 3, everyMs: 7_000 },
    chapters,
  }
}

function writeSwitches(dice: Dice): Switches {
  const names = Object.keys(likely) as (keyof Switches)[]
  return Object.fromEntries(
    names.map((name) => [name, dice.chance(0.3) ? unlikely[name] : likely[name]]),
  ) as unknown as Switches
}

function writeStart(dice: Dice): Start {
  const which = dice.weighed({ both: 12, one: 5, neither: 2 })
  const live = dice.pick<Colour>(['blue', 'green'])
  const other = live === 'blue' ? 'green' : 'blue'
  const single = dice.chance(0.15)
  const member = (version: string): GivenMember => {
    const instances = single ? 1 : dice.between(1, 3)
    return {
      version,
      min: dice.between(1, instances),
      max: single ? 1 : dice.between(instances, 4),
      instances,
    }
  }
  const members =
    which === 'neither'
      ? {}
      : {
          [live]: member('1.0.0'),
          ...(which === 'both' && { [other]: member(dice.pick(['1.0.0', '1.0.0', '1.1.0'])) }),
        }
  const prefix = dice.chance(0.25) ? nameOf.blue : 'shop'
  const healthReporting = dice.chance(0.25) ? 'basic' : 'enhanced'
  // Immutable needs enhanced health.
  const isImmutable = dice.chance(0.3) && healthReporting === 'enhanced'
  return {
    members,
    ...(which !== 'neither' && { live }),
    prefix,
    healthReporting,
    policy: isImmutable ? 'Immutable' : 'AllAtOnce',
    single,
    ghosts: dice.chance(0.2) ? [dice.pick<Colour>(['blue', 'green'])] : [],
    foreign: dice.chance(0.2),
  }
}

const writeManner = (dice: Dice): Manner =>
  dice.weighed<Manner>({
    good: 12,
    'fails its tests': 1.2,
    'fails under traffic': 1.2,
    'fails under traffic, health too': 1,
    'never starts': 1,
    'breaks after a while': 0.7,
    'breaks after a while, health too': 1,
    'red from the start': 0.8,
  })

interface Surroundings {
  readonly index: number
  readonly start: Start
  readonly turmoil: 'calm' | 'mishap' | 'storm'
  readonly newVersions: readonly string[]
}

function writeChapter(dice: Dice, surroundings: Surroundings): Chapter {
  const { index, turmoil } = surroundings
  const mishaps = { calm: 0, mishap: index === 0 || dice.chance(0.4) ? 1 : 0, storm: dice.between(1, 5) }[
    turmoil
  ]
  return {
    inputs: writeInputs(dice, surroundings),
    begins: writeBegins(dice, surroundings),
    canSee: dice.chance(0.9),
    skewMs: dice.chance(0.1) ? dice.pick([-3_600_000, -400_000, 20_000, 600_000]) : 0,
    testsTakeMs: dice.pick([0, 5_000, 40_000, 150_000]),
    mishaps: Array.from({ length: mishaps }, () => writeMishap(dice)),
    afterwards: dice.weighed({ post: 6, 'post that dies': 1, nothing: 3 }),
  }
}

function writeBegins(dice: Dice, { index, turmoil }: Surroundings): Begins {
  if (index > 0 && turmoil !== 'calm' && dice.chance(0.3))
    return { when: 'during', at: { stage: dice.pick(stages), ms: dice.pick([50, 3_000, 20_000, 70_000]) } }
  return { when: 'after', ms: dice.pick([0, 1_000, 40_000, 600_000]) }
}

function writeInputs(dice: Dice, { index, start, newVersions }: Surroundings): Chapter['inputs'] {
  const operation =
    index === 0
      ? dice.weighed({ deploy: 12, verify: 4, promote: 1, rollback: 1, retire: 0.5, recover: 1 })
      : dice.weighed({ deploy: 6, verify: 3, promote: 4, rollback: 4, retire: 1.5, recover: 1 })
  const isReversed = dice.chance(0.2)
  const mayOmitCname = start.prefix === nameOf.blue && !isReversed
  const cname =
    dice.chance(0.2) && start.live ? `${start.prefix}.${region}.elasticbeanstalk.com` : start.prefix
  const version = dice.chance(0.5) ? (newVersions[index] ?? '1.1.0') : dice.pick(newVersions)
  return {
    operation,
    application,
    'blue-environment': isReversed ? nameOf.green : nameOf.blue,
    'green-environment': isReversed ? nameOf.blue : nameOf.green,
    'aws-region': region,
    'health-path': '/health',
    ...(bringsUp(operation) && { version }),
    ...(operation === 'rollback' && writeWayBack(dice)),
    ...(operation === 'retire' && { 'retire-after': dice.pick(['0s', '0s', '5m']) }),
    ...(!(mayOmitCname && dice.chance(0.5)) && { 'production-cname': cname }),
    ...(dice.chance(0.9) && { 'test-command': 'npm test' }),
    ...(!start.live && { platform: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22' }),
    'environment-variables': `API_TOKEN=${secrets[1]}`,
    'option-settings': JSON.stringify([
      { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB_DSN', Value: secrets[2] },
    ]),
    'health-stable-for': dice.pick(['10s', '20s', '40s']),
    'minimum-health': dice.weighed({ Ok: 4, Warning: 1, Degraded: 0.5 }),
    'bake-time': dice.pick(['0s', '30s', '1m', '2m', '4m']),
    'failure-threshold': dice.pick(['1', '2', '3']),
    standby: dice.weighed({ keep: 4, 'scale-down': 2, terminate: 2 }),
    'drain-timeout': dice.pick(['0s', '1m', '3m']),
    'on-failure': dice.pick(['keep', 'terminate']),
    'allow-older': dice.pick(['true', 'true', 'false']),
    probe: dice.weighed({ auto: 6, off: 1 }),
    timeout: dice.pick(['40m', '40m', '90m', '12m']),
    'wait-for-ready': dice.pick(['2m', '12m']),
    'lock-wait': dice.pick(['0s', '4m', '9m']),
    ...(operation === 'verify' && start.live && dice.chance(0.35) && { 'green-environment': ownName }),
    ...(operation === 'verify' && {
      'after-verify': dice.weighed({ keep: 4, 'scale-down': 1.5, terminate: 1 }),
      'copy-variables': dice.weighed({ true: 5, false: 1 }),
      'way-back': dice.weighed({ auto: 4, keep: 1 }),
    }),
    ...(operation === 'promote' && { 'max-verified-age': dice.pick(['24h', '24h', '4m']) }),
  }
}

const bringsUp = (operation: string): boolean => ['deploy', 'verify', 'promote'].includes(operation)

/** Mostly just the button; sometimes a human who says where to go, or that it must be now. */
function writeWayBack(dice: Dice): Chapter['inputs'] {
  const to = dice.chance(0.3) ? dice.pick([nameOf.blue, nameOf.green, ...versions]) : undefined
  return { ...(to && { to }), ...(dice.chance(0.2) && { force: 'true' }) }
}

const stages = [
  'Lock',
  'Plan',
  'Publish version',
  'Prepare candidate',
  'Verify candidate',
  'Shift traffic',
  'Shift traffic',
  'Bake',
  'Bake',
  'Retire standby',
  'Retire',
  'Take back',
  'Settle what an earlier run left',
] as const

const changes = [
  'PutObject',
  'CreateConfigurationTemplate',
  'DeleteConfigurationTemplate',
  'CreateEnvironment',
  'UpdateEnvironment',
  'UpdateAutoScalingGroup',
  'SwapEnvironmentCNAMEs',
  'SwapEnvironmentCNAMEs',
  'TerminateEnvironment',
  'UpdateTagsForResource',
] as const

const reads = [
  'DescribeEnvironments',
  'DescribeEvents',
  'DescribeEnvironmentHealth',
  'DescribeInstancesHealth',
  'DescribeAutoScalingGroups',
  'DescribeEnvironmentResources',
  'DescribeConfigurationSettings',
  'DescribeApplicationVersions',
  'ListTagsForResource',
  'GetObject',
] as const

function writeMoment(dice: Dice): Moment {
  if (dice.chance(0.45))
    return {
      stage: dice.pick(stages),
      ms: dice.pick([0, 100, 1_000, 2_500, 4_000, 8_000, 30_000, 80_000, 200_000]),
    }
  if (dice.chance(0.75))
    // Before it is sent, on its way there, on the way back, and a little later.
    return {
      call: dice.pick(changes),
      nth: dice.pick([1, 1, 1, 2, 2, 3, 4, 6]),
      ms: dice.pick([0, 10, 30, 100, 2_000]),
    }
  return { call: '*', nth: dice.between(1, 90), ms: dice.pick([0, 10, 30]) }
}

function writeMishap(dice: Dice): Mishap {
  const at = writeMoment(dice)
  const what = dice.weighed({
    death: 6,
    cancellation: 3,
    'call fault': 16,
    'environment fault': 4,
    'swap by hand': 3,
    'managed update': 1.5,
    'group by hand': 1.5,
  })
  switch (what) {
    case 'death':
    case 'cancellation':
    case 'swap by hand':
      return { what, at }
    case 'call fault':
      return { what, at: dice.chance(0.5) ? { stage: 'Lock', ms: 0 } : at, order: writeCallFault(dice) }
    case 'environment fault':
      return {
        what,
        at: { stage: dice.pick(['Lock', 'Plan', 'Bake']), ms: 0 },
        order: writeEnvironmentFault(dice),
      }
    case 'managed update':
      return { what, at, of: dice.pick(['live', 'other']) }
    case 'group by hand': {
      const min = dice.between(1, 3)
      return { what, at, of: dice.pick(['live', 'other']), min, max: dice.between(min, 4) }
    }
  }
}

function writeCallFault(dice: Dice) {
  const fault = dice.weighed<CallFault>({
    throttled: 2,
    'server-error': 2,
    unavailable: 2,
    'reset-before': 2,
    'answer-lost': 5,
    unanswered: 3,
    slow: 2,
    'expired-credentials': 2,
    denied: 2,
    // Not drawn: every seed would tell another history.
    'clock-skew': 0,
  })
  const isRead = dice.chance(0.4)
  const operation = isRead ? dice.pick([...reads, '*']) : dice.pick(changes)
  return {
    fault,
    operation,
    after: isRead ? dice.pick([0, 0, 1, 3, 8, 20]) : dice.pick([0, 0, 0, 0, 1, 1, 2]),
    times: dice.pick([1, 1, 1, 1, 1, 1, 2, 2, 8, 30]),
    ...(fault === 'slow' && { forMs: dice.pick([3_000, 20_000, 60_000]) }),
  }
}

function writeEnvironmentFault(dice: Dice) {
  const fault = dice.weighed<EnvironmentFault>({
    'deployment-fails': 2,
    'deployment-rolls-back': 3,
    'launch-with-errors': 2,
    'never-healthy': 1,
    'health-flaps': 1,
    'terminate-fails': 1.5,
    'stuck-terminating': 0.5,
    'stuck-updating': 0.7,
    // These come as mishaps of their own, at any moment.
    'managed-update': 0,
    'app-crashes-after-swap': 0,
    'human-swaps-back': 0,
  })
  return {
    fault,
    ...(dice.chance(0.3) && { environment: dice.pick([nameOf.blue, nameOf.green]) }),
    times: dice.pick([1, 1, 2]),
  }
}
