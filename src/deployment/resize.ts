import { AnswerLost } from './errors.ts'
import type { GroupSize } from './ports.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'

const tries = 3

/**
 * Resizes a group. Doing it twice is as good as once, but a minute may lie between a request and the news that its
 * answer is lost: before it goes again the journal tells whether this run may still send anything.
 */
export async function resize(run: Run, group: string, size: Partial<GroupSize>): Promise<void> {
  const { capacity, journal } = run.ports
  for (let count = 1; count <= tries; count++) {
    if (count > 1) await journal.write((now) => now)
    run.signal.throwIfAborted()
    const done = await maybe(async () => {
      await capacity.resize(group, size)
      return true
    })
    if (done) return
  }
  throw new AnswerLost(`Nobody knows whether Auto Scaling group ${group} was resized.`)
}
