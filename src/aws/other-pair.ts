import { type Effect, sentence } from '../deployment/effects.ts'
import { HeldBy, LostLock } from '../deployment/errors.ts'
import { compareAndSet } from './compare-and-set.ts'
import type { ObjectParts } from './conditional-object.ts'
import { pairOf } from './keys.ts'
import { openStateObject } from './state-object.ts'
import { type Held, whoIsInTheWay } from './waiting-for.ts'

/** Another pair that has worked on an environment of ours. `key` is its state object's. */
export interface OtherPair extends ObjectParts {
  readonly environment: string
  /** From 0 to 1. */
  readonly random: () => number
  /** This run's. */
  readonly nonce: string
}

/**
 * Who works on the other pair, if anybody does. A dead holder is taken out of its state object first, so that a run
 * that was only paused loses its next write. Throws HeldBy when a dead run left something open on the environment: the
 * other pair is never settled from here.
 */
export async function whoWorksOn(other: OtherPair): Promise<Held | undefined> {
  const { key, environment, nonce, clients, random } = other
  const object = openStateObject(other)
  const cell = compareAndSet(object, { backoff: clients.backoff, random, run: nonce })
  while (true) {
    const found = await cell.read()
    if (!found) return undefined
    const held = whoIsInTheWay(found, { nonce, over: 'nobody' })
    if (held) return { ...held, shared: { environment, pair: inWords(key), url: await object.url() } }
    const open = found.state.pending.filter((effect) => mayConcern(effect, environment))
    if (open.length > 0) throw leftOpen(open, other)
    if (!found.state.holder) return undefined
    try {
      await cell.write({ state: { ...found.state, holder: undefined }, heldSince: undefined })
      return undefined
    } catch (thrown) {
      // It lives after all, or somebody else found it dead: its object is looked at again.
      if (!(thrown instanceof LostLock)) throw thrown
    }
  }
}

/** Ids are not compared: what is known by its id only belongs to either member of the other pair. */
function mayConcern(effect: Effect, environment: string): boolean {
  switch (effect.what) {
    case 'route':
    case 'hold-capacity':
      return true
    case 'create-environment':
    case 'attach':
    case 'terminate':
      return effect.name === environment
    case 'create-template':
      return false
  }
}

function leftOpen(open: readonly Effect[], { key, environment }: OtherPair): HeldBy {
  const pair = pairOf(key)
  const [one, two] = pair?.environments ?? []
  return new HeldBy(
    `An interrupted run on the pair ${inWords(key)} left something open that may concern ${environment}: ${open.map(sentence).join('; ')}.`,
    [
      {
        why: `Settle it first: run this action with \`operation: recover\`, \`application: ${pair?.application}\`, \`blue-environment: ${one}\` and \`green-environment: ${two}\`.`,
      },
    ],
  )
}

/** What people call the pair with this state object. */
export const inWords = (key: string): string => pairOf(key)?.environments.join(' + ') ?? 'unknown'
