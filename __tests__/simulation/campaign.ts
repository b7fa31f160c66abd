import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { add, emptyTally, type Tally } from './tally.ts'

/** Which seeds, and on how many processes. */
export interface Campaign {
  readonly from: number
  readonly seeds: number
  readonly workers?: number
  /** Told every few seconds. */
  readonly onProgress?: (tally: Tally) => void
  /** Told at once. */
  readonly onBroken?: (broken: Tally['broken'][number]) => void
}

/** A share of a campaign, for one worker process. */
export interface Share {
  readonly from: number
  readonly to: number
  readonly step: number
}

/** Plays the seeds on all cores, or on as many as are wanted. */
export async function runCampaign(campaign: Campaign): Promise<Tally> {
  const {
    from,
    seeds,
    workers = availableParallelism(),
    onProgress = () => {},
    onBroken = () => {},
  } = campaign
  const tally = emptyTally()
  const shares = Array.from({ length: Math.min(workers, seeds) }, (_, index) => ({
    from: from + index,
    to: from + seeds - 1,
    step: Math.min(workers, seeds),
  }))
  const told = { at: performance.now() }
  await Promise.all(
    shares.map((share) =>
      playShare(share, (part) => {
        add(tally, part)
        for (const one of part.broken) onBroken(one)
        if (performance.now() - told.at < 5_000) return
        told.at = performance.now()
        onProgress(tally)
      }),
    ),
  )
  return tally
}

function playShare(share: Share, onPart: (part: Tally) => void): Promise<void> {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [JSON.stringify(share)])
  return new Promise((resolve, reject) => {
    worker.on('message', (part) => onPart(part as Tally))
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
  })
}
