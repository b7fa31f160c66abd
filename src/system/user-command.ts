import { type Order, runInShell, type Surroundings, type Verdict } from './shell-command.ts'

/** How a command of the user's ended, and what it said. */
export interface Ran extends Verdict {
  /** What it printed on stdout, at most 64 KiB of it, where that was to be the answer. */
  readonly printed: string
  /** The last line of it that went into the log; empty when there was none. */
  readonly lastLine: string
}

/** A command as it is to be run, and what becomes of what it prints; what it writes on stderr goes into the log. */
export interface UserOrder extends Omit<Order, 'printed' | 'said'> {
  readonly prints: 'an answer' | 'into the log'
}

/** Runs a command of the user's that is asked, or told, something. Never rejects but with the signal's reason. */
export type UserCommand = (order: UserOrder) => Promise<Ran>

const mostPrinted = 64 * 1024

/** By the same machinery as the user's tests. */
export const userCommand =
  (surroundings: Surroundings): UserCommand =>
  async ({ prints, ...order }) => {
    let printed = ''
    let lastLine = ''
    const verdict = await runInShell(
      {
        ...order,
        ...(prints === 'an answer' && {
          printed: (line) => {
            if (printed.length < mostPrinted) printed += `${line}\n`
          },
        }),
        said: (line) => {
          if (line.trim() !== '') lastLine = line
        },
      },
      surroundings,
    )
    return { ...verdict, printed, lastLine }
  }
