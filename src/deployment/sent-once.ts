import { AnswerLost } from './errors.ts'

/** The answer, or undefined when it was lost: then only reading can tell what happened. */
export async function maybe<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send()
  } catch (thrown) {
    if (thrown instanceof AnswerLost) return undefined
    throw thrown
  }
}
