import { AnswerLost, Failure, Unreachable } from '../errors.ts'
import type { Unread } from '../pair-report.ts'
import { tryAgain } from '../remedies.ts'

/** What a read showed, or why there is nothing to show: one missing permission must not hide the rest. */
export type Read<T> = { readonly is: 'read'; readonly value: T } | ({ readonly is: 'unread' } & Unread)

/** Reads, and makes an answer of a refusal. Only mistakes of ours and a cancelled run are thrown. */
export async function attempt<T>(read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { is: 'read', value: await read() }
  } catch (thrown) {
    if (thrown instanceof Failure) return { is: 'unread', what: thrown.message, mends: thrown.remedies }
    if (thrown instanceof Unreachable || thrown instanceof AnswerLost)
      return { is: 'unread', what: thrown.message, mends: [tryAgain] }
    throw thrown
  }
}

/** What was read; undefined when it was not. */
export const seenIn = <T>(read: Read<T> | undefined): T | undefined =>
  read?.is === 'read' ? read.value : undefined

/** Those that failed. */
export const unreadOf = (reads: readonly (Read<unknown> | undefined)[]): readonly Unread[] =>
  reads.flatMap((read) => (read?.is === 'unread' ? [{ what: read.what, mends: read.mends }] : []))
