import { AnswerLost } from '../deployment/errors.ts'
import { patience } from './backoff.ts'
import { type Claim, fromClaimBody, toClaimBody } from './claim-document.ts'
import { type ObjectParts, openConditionalObject } from './conditional-object.ts'
import { claimKey, pairOf } from './keys.ts'
import { whoWorksOn } from './other-pair.ts'
import type { Held } from './waiting-for.ts'

/** What claims are made of. `key` is the state object's of the pair that claims. */
export interface ClaimsParts extends ObjectParts {
  /** From 0 to 1. */
  readonly random: () => number
  /** This run's. */
  readonly nonce: string
  /** Which environments of the pair to claim. */
  readonly environments: readonly string[]
  /** Told of every other pair that a claim names. */
  readonly shared?: ((environment: string, pair: readonly string[]) => void) | undefined
}

/**
 * Claims the environments for the pair whose lock this run holds, so that pairs that share an environment meet. A claim
 * only points to the pair that worked on it last; whether that pair is being worked on, its own state object says alone,
 * so nothing has to be given back. Answers who is in the way; throws HeldBy when a dead run left something open there.
 */
export async function claimAll(parts: ClaimsParts): Promise<Held | undefined> {
  const ends = await Promise.allSettled(parts.environments.map((environment) => claim(environment, parts)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return ends.flatMap((end) => (end.status === 'fulfilled' && end.value) || []).at(0)
}

/**
 * Written first, looked at afterwards: the other pair's run locks before it reads the claim, so that of two that come
 * together one at least sees the other. Until that look the claim names the other pair too, for whoever comes next.
 */
async function claim(environment: string, parts: ClaimsParts): Promise<Held | undefined> {
  const { clients, key } = parts
  const object = openConditionalObject({ ...parts, key: claimKey(environment) })
  let clashes = 0
  while (true) {
    const found = await object.read()
    const now = found && fromClaimBody(found.body, { url: await object.url(), environment })
    const others = now ? [now.pair, ...now.besides].filter((pair) => pair !== key) : []
    if (now?.pair === key && others.length === 0) return undefined
    for (const other of others) {
      parts.shared?.(environment, pairOf(other)?.environments ?? [])
      const held = await whoWorksOn({ ...parts, key: other, environment })
      if (held) return held
    }
    const isConfirmed = others.length === 0 || now?.pair === key
    const next = { pair: key, besides: isConfirmed ? [] : others }
    const isWritten = await write(next, { object, over: found?.etag, nonce: newNonce(parts) })
    if (isWritten && isConfirmed) return undefined
    if (isWritten) continue
    clashes += 1
    if (clashes === patience)
      throw new AnswerLost(`S3 goes on reporting a conflict for ${await object.url()}.`)
    await clients.backoff('no answer', clashes)
  }
}

/** After a lost answer too, the next look tells. */
async function write(
  claim: Claim,
  to: {
    readonly object: ReturnType<typeof openConditionalObject>
    readonly over: string | undefined
    readonly nonce: string
  },
): Promise<boolean> {
  try {
    return (await to.object.put(toClaimBody(claim, to.nonce), to.over)).is === 'written'
  } catch (thrown) {
    if (thrown instanceof AnswerLost) return false
    throw thrown
  }
}

const newNonce = ({ nonce, random }: ClaimsParts): string =>
  `${nonce}.${Math.floor(random() * 2 ** 48).toString(16)}`
