import { type Order, runInShell, type Surroundings, type Verdict } from './shell-command.ts'

/** How a command of the user's ended, and what it said. */
export interface Ran extends Verdict {
  /** What it printed on stdout, at most 64 KiB of it. */
  readonly printed: string
  /** The last line that it wrote on stderr; empty when it wrote none. */
  readonly lastLine: string
}

/**
 * Runs a command of the user's that is asked something: what it prints is the answer, what it writes on stderr goes into
 * the log. Never rejects but with the signal's reason.
 */
export type UserCommand = (order: Omit<Order, 'printed' | 'said'>) => Promise<Ran>

const mostPrinted = 64 * 1024

/** By the same machinery as the user's tests. */
export const userCommand =
  (surroundings: Surroundings): UserCommand =>
  async (order) => {
    let printed = ''
    let lastLine = ''
    const verdict = await runInShell(
      {
        ...order,
        printed: (line) => {
          if (printed.length < mostPrinted) printed += `${line}\n`
        },
        said: (line) => {
          if (line.trim() !== '') lastLine = line
        },
      },
      surroundings,
    )
    return { ...verdict, printed, lastLine }
  }
