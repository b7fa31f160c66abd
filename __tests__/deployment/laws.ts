import type { HoldCapacityEffect } from '../../src/deployment/effects.ts'
import { ownName, shareOf } from './weights.ts'
import { type Call, production, type World } from './world.ts'

/**
 * Watches everything that is sent from here on, and answers what broke a law: no environment that production or users'
 * DNS answers lead to is deployed to, ended or left with fewer instances; and every change that has to be taken back
 * stands in the journal when it is sent.
 */
export function watchLaws(world: World): readonly string[] {
  const broken: string[] = []
  world.wire.watch((moment, call) => {
    if (moment !== 'sent') return
    const users = world.aws.weights ? reachedIn(world) : [world.live(), world.aws.resolve(production)?.name]
    const target = targetOf(world, call)
    if (isHarmful(world, call) && users.includes(target))
      broken.push(`${call.name} of ${target}, which users reach`)
    if (!isJournaled(world, call)) broken.push(`${call.name} of ${target} is not journaled`)
  })
  return broken
}

/** By weights, and by answers that clients still have. */
const reachedIn = ({ aws }: World): readonly (string | undefined)[] => [
  aws.resolve(ownName)?.name,
  ...aws.members.filter(({ id }) => shareOf(aws, id) > 0).map(({ name }) => name),
]

function targetOf({ aws }: World, { name, args }: Call): string | undefined {
  if (name === 'resize') return aws.members.find(({ group }) => group?.name === args[0])?.name
  return aws.byId(String(args[0]))?.name
}

function isHarmful({ aws }: World, { name, args }: Call): boolean {
  if (name === 'deploy' || name === 'configure' || name === 'terminate') return true
  if (name !== 'resize') return false
  const group = aws.members.find((one) => one.group?.name === args[0])?.group
  const { desired, max } = args[1] as { desired?: number; max?: number }
  return group !== undefined && Math.min(desired ?? group.desired, max ?? group.max) < group.inService
}

/** What is sent to settle an effect is journaled by that effect. */
function isJournaled(world: World, { name, args, pending }: Call): boolean {
  const { kept } = world.object.state
  switch (name) {
    case 'swap':
      return pending.some((one) => one.what === 'route' && args.includes(one.from) && args.includes(one.to))
    case 'shift':
      return pending.some(({ what }) => what === 'route')
    case 'attach':
      return args[1] === undefined || pending.some(({ what }) => what === 'attach')
    case 'create':
      return pending.some(({ what }) => what === 'create-environment')
    case 'createTemplate':
      return pending.some((one) => one.what === 'create-template' && one.name === args[0])
    case 'terminate':
      // Leftovers are in no journal: there is nothing to settle.
      if (world.aws.byId(String(args[0]))?.name.startsWith('shop-pr-')) return true
      if (world.aws.weights?.known.has(String(args[0]))) return false
      return pending.some(({ what }) => what === 'terminate' || what === 'create-environment')
    case 'resize':
      return [...pending, ...kept].some((one) => one.what === 'hold-capacity' && one.group === args[0])
    default:
      return true
  }
}

/** What a run has left behind that nobody will ever clear away; the two environments must have had bounds 1 to 4. */
export function leftBehind({ aws, object }: World): readonly string[] {
  const { holder, pending, kept } = object.state
  return [
    ...(holder ? [`the lock of ${holder.run}`] : []),
    ...pending.map(({ what }) => `pending: ${what}`),
    ...[...aws.templates].map((name) => `template ${name}`),
    ...(aws.weights?.share && Object.values(aws.weights.share).every((one) => one < 100) ? ['a split'] : []),
    ...aws.members.flatMap(({ name, group }) => {
      if (!group) return []
      const holds = kept.filter((one): one is HoldCapacityEffect => one.what === 'hold-capacity')
      let bounds = { min: group.min, max: group.max }
      for (const { after, before } of holds.filter((one) => one.group === group.name))
        if (bounds.min === after.min && bounds.max === after.max) bounds = { ...before }
      return bounds.min === 1 && bounds.max === 4 ? [] : [`${name} keeps ${bounds.min} to ${bounds.max}`]
    }),
  ]
}
