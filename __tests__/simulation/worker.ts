import type { Share } from './campaign.ts'
import { playSeed } from './play-seed.ts'
import { count, emptyTally } from './tally.ts'

/** How many histories go into one message. */
const batch = 10

const { from, to, step }: Share = JSON.parse(process.argv[2] ?? '{}')
// Nobody is left to tell it to.
process.on('disconnect', () => process.exit())
let tally = emptyTally()
for (let seed = from; seed <= to; seed += step) {
  count(tally, { seed }, await playSeed(seed))
  if (tally.histories === batch || seed + step > to) {
    if (process.connected) process.send?.(tally)
    tally = emptyTally()
  }
}
process.disconnect?.()
