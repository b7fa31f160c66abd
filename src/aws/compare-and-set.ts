import { AnswerLost } from '../deployment/errors.ts'
import { type Backoff, patience } from './backoff.ts'
import type { Put } from './conditional-object.ts'
import type { StateDocument } from './state-document.ts'
import type { Found, StateObject } from './state-object.ts'
import { lostTo } from './waiting-for.ts'

/** The state object as this run knows it. One call at a time. */
export interface Cell {
  read(): Promise<Found | undefined>
  /**
   * Writes if the object is still as this run last read or wrote it. Throws LostLock when somebody else wrote, and
   * AnswerLost when nobody knows; then the next write goes on from whatever became of it.
   */
  write(content: Omit<StateDocument, 'nonce'>): Promise<void>
}

/**
 * Compare-and-set with S3's ETags; a lost answer is settled by reading whose nonce the object carries (G). `run` makes the
 * nonces of this run its own.
 */
export function compareAndSet(
  object: StateObject,
  parts: { readonly backoff: Backoff; readonly random: () => number; readonly run: string },
): Cell {
  const { backoff, random, run } = parts
  /** What this run has sent, whether it arrived or not. */
  const sent = new Set<string>()
  let known: string | undefined

  const read = async () => {
    const found = await object.read()
    known = found?.etag
    return found
  }

  return {
    read,
    async write(content) {
      const document = { ...content, nonce: `${run}.${hex(random)}${hex(random)}` }
      sent.add(document.nonce)
      for (let tries = 1; ; tries++) {
        const put = await tryPut(object, document, known)
        if (put.is === 'written') {
          known = put.etag
          return
        }
        const found = await object.read()
        if (found?.nonce === document.nonce) {
          known = found.etag
          return
        }
        // What is there may be an earlier write of our own, arrived after its answer was given up.
        if (found?.etag !== known && !(found && sent.has(found.nonce))) throw lostTo(found)
        if (put.is === 'nobody knows') throw put.thrown
        if (tries === patience) throw new AnswerLost('S3 goes on reporting a conflict for the state object.')
        known = found?.etag
        await backoff('no answer', tries)
      }
    },
  }
}

async function tryPut(
  object: StateObject,
  document: StateDocument,
  over: string | undefined,
): Promise<Put | { readonly is: 'nobody knows'; readonly thrown: AnswerLost }> {
  try {
    return await object.put(document, over)
  } catch (thrown) {
    if (thrown instanceof AnswerLost) return { is: 'nobody knows', thrown }
    throw thrown
  }
}

const hex = (random: () => number): string =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
