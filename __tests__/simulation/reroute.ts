import type { CallFaultOrder } from '../../simulator/faults.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Chapter, type History, type Mishap, type Moment, nameOf, ownName } from './history.ts'
import { apex, type Meddled, type Routing, www } from './routing.ts'

/**
 * The same history with another traffic router, as other dice decide: what is drawn here changes nothing in histories with
 * the CNAME swap, which most are.
 */
export function reroute(history: History): History {
  const dice = diceOf(history.seed + 7_000_411)
  const routing = writeRouting(dice, history)
  if (routing.by === 'cname-swap') return history
  return {
    ...history,
    routing,
    users: { ...history.users, everyMs: 5_000 },
    chapters: history.chapters.map((chapter) => rerouted(dice, chapter, routing)),
  }
}

function writeRouting(dice: Dice, { start }: History): Routing {
  const by = dice.weighed({ 'cname-swap': 6, route53: 1.9, 'load-balancer': 1.5, command: 0.6 })
  const isAlone = Object.keys(start.members).length === 1
  const hasBoth = Object.keys(start.members).length === 2
  switch (by) {
    case 'cname-swap':
      return { by }
    case 'route53': {
      const recordType = dice.pick(['cname', 'cname', 'alias'] as const)
      const isApex = recordType === 'alias' && dice.chance(0.5)
      const stands = dice.weighed({
        nothing: isAlone ? 1 : 0,
        'a record': isApex ? 0 : 3,
        'a record of its CNAME': isApex ? 0 : 1,
        'an alias': 1.5,
        'a pair': isApex && !start.single ? 1.5 : 3,
      })
      return {
        by,
        name: isApex ? apex : www,
        recordType,
        stands: stands === 'a pair' && !hasBoth ? 'an alias' : stands,
        ttl: dice.pick([20, 60]),
        recordTtl: dice.pick([20, 20, 60]),
      }
    }
    case 'command':
      return { by, ttl: 20, share: { fails: dice.pick([0, 0.02, 0.1]) } }
    case 'load-balancer': {
      // Nothing to make a rule of: there has to be a target group that it sends to.
      if (start.live === undefined) return { by: 'cname-swap' }
      return {
        by,
        groups: start.single ? 'own' : dice.pick(['own', 'shared']),
        rules: dice.pick([1, 1, 2]),
        ...(dice.chance(0.15) && { stickyFor: 60 }),
      }
    }
  }
}

function rerouted(dice: Dice, chapter: Chapter, routing: Routing): Chapter {
  const { 'production-cname': _, ...inputs } = chapter.inputs
  const isElsewhere = inputs['green-environment'] === ownName && routing.by === 'load-balancer'
  return {
    ...chapter,
    inputs: {
      ...inputs,
      // A pull request's environment has no target group of the team's.
      ...(isElsewhere && { 'green-environment': nameOf.green, 'blue-environment': nameOf.blue }),
      'traffic-steps': dice.pick(['100', '10,100', '50,100', '25,50,100', '10,50,100']),
      'step-interval': dice.pick(['0s', '20s', '45s']),
    },
    mishaps: chapter.mishaps.map((mishap) => reroutedMishap(dice, mishap, routing)),
  }
}

function reroutedMishap(dice: Dice, mishap: Mishap, routing: Routing): Mishap {
  const at = reroutedMoment(dice, mishap.at, routing)
  switch (mishap.what) {
    case 'swap by hand':
      return {
        what: 'route by hand',
        at: dice.chance(0.6) ? betweenSteps(dice) : at,
        meddled: writeMeddled(dice),
      }
    case 'call fault':
      return { ...mishap, at, order: reroutedOrder(dice, mishap.order, routing) }
    // Half of them strike while production is split.
    case 'death':
    case 'cancellation':
      return { ...mishap, at: dice.chance(0.5) ? inTheMidst(dice) : at }
    case 'environment fault':
    case 'managed update':
    case 'group by hand':
    case 'route by hand':
      return { ...mishap, at }
  }
}

/** Between the last look at a step and the next one: the journal is written there. */
const betweenSteps = (dice: Dice): Moment => ({
  in: 'Shift traffic',
  call: 'PutObject',
  nth: dice.between(2, 7),
  ms: dice.pick([0, 10, 30, 100, 5_000, 30_000]),
})

const inTheMidst = (dice: Dice): Moment => ({
  stage: 'Shift traffic',
  ms: dice.pick([0, 500, 5_000, 30_000, 60_000, 120_000, 200_000, 300_000]),
})

function reroutedMoment(dice: Dice, at: Moment, routing: Routing): Moment {
  if ('call' in at && at.call === 'SwapEnvironmentCNAMEs')
    return { ...at, call: writeOf(routing), nth: dice.between(1, 5) }
  return at
}

const writeOf = ({ by }: Routing) =>
  by === 'route53' ? 'ChangeResourceRecordSets' : by === 'command' ? 'PutObject' : 'ModifyRule'

const reads = {
  'cname-swap': ['*'],
  command: ['*'],
  route53: ['ListResourceRecordSets', 'ListResourceRecordSets', 'GetChange'],
  'load-balancer': [
    'DescribeRules',
    'DescribeRules',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
    'DescribeTags',
  ],
} as const

function reroutedOrder(dice: Dice, order: CallFaultOrder, routing: Routing): CallFaultOrder {
  const isRead = /^(Describe|List|Get|\*)/.test(order.operation)
  if (isRead) return dice.chance(0.4) ? { ...order, operation: dice.pick<string>(reads[routing.by]) } : order
  if (order.operation !== 'SwapEnvironmentCNAMEs' && !dice.chance(0.25)) return order
  return { ...order, operation: writeOf(routing), after: dice.between(0, 4) }
}

function writeMeddled(dice: Dice): Meddled {
  const how = dice.weighed({
    weights: 6,
    deleted: 1,
    'a stranger': 0.7,
    'targets taken away': 0.7,
    'zone busy': 0.6,
  })
  switch (how) {
    case 'weights':
      return { how, other: dice.pick([0, 0, 20, 50, 100, 100]) }
    case 'deleted':
      return { how, of: dice.pick(['live', 'other']) }
    case 'a stranger':
    case 'targets taken away':
    case 'zone busy':
      return { how }
  }
}
