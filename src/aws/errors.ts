import { AnswerLost, Refused, Unreachable } from '../deployment/errors.ts'
import { patience } from './backoff.ts'
import type { Clients } from './clients.ts'
import { refusal, sentenceOf } from './refusal.ts'
import { troubleOf } from './trouble.ts'

/** A request to AWS, for messages. */
export interface Asked {
  /** What it is for, after "to": `describe environment shop-blue`. Never with option values. */
  readonly to: string
  /** What IAM has to allow: `elasticbeanstalk:SwapEnvironmentCNAMEs`. */
  readonly action: string | readonly string[]
  /** What it is done to, where AWS does not name it itself. */
  readonly on?: string
  /** The ARN of the role that is to be allowed to, where it is not the one that the job works as. */
  readonly as?: string
}

/** Sends a read, which the SDK repeats patiently. Throws Unreachable when it gave up, Refused when AWS said no. */
export async function reading<T>(asked: Asked, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (thrown) {
    switch (troubleOf(thrown)) {
      case 'not now':
      case 'no answer':
        throw new Unreachable(`AWS could not be asked to ${asked.to}: ${sentenceOf(thrown)}`)
      case 'foreign':
        throw thrown
      default:
        throw refusal(asked, thrown)
    }
  }
}

/**
 * Sends a write that may be repeated: doing it twice is as good as once. Throws AnswerLost when nobody knows whether it
 * happened, Refused when it did not.
 */
export async function writing<T>(asked: Asked, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (thrown) {
    switch (troubleOf(thrown)) {
      case 'no answer':
        throw new AnswerLost(`Nobody knows whether AWS did ${asked.to}: ${sentenceOf(thrown)}`)
      case 'foreign':
        throw thrown
      default:
        throw refusal(asked, thrown)
    }
  }
}

/**
 * Sends a write whose command is made `once`: it goes again only after AWS turned it away for now, which means that
 * nothing happened. Throws like `writing`.
 */
export async function writingOnce<T>(
  { backoff }: Pick<Clients, 'backoff'>,
  asked: Asked,
  send: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; tries < patience; tries++) {
    try {
      return await send()
    } catch (thrown) {
      if (troubleOf(thrown) !== 'not now') return writing(asked, () => Promise.reject(thrown))
      await backoff('not now', tries)
    }
  }
  return writing(asked, send)
}

/** Did AWS refuse in words like these? Beanstalk's text is the only discriminator: its code is always the same (A.3). */
export const isRefusedAs = (thrown: unknown, words: RegExp): boolean =>
  thrown instanceof Refused && words.test(thrown.message)
