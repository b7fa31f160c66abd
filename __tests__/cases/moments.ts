import type { Seen } from '../helpers/runner.ts'
import type { How, Inputs, Running, Scenario } from '../helpers/scenario.ts'

/** Something that happens while the action runs: `after` ms (0 when left out) after a line of the log that says `when`. */
export interface Moment {
  readonly when: string
  readonly after?: number
  readonly act: (running: Running) => unknown
}

/** Deploys 1.1.0 unless `inputs` say otherwise; meanwhile, one after the other, the moments. */
export function during(
  story: Scenario,
  moments: readonly Moment[],
  { inputs = {}, how = {} }: { readonly inputs?: Inputs; readonly how?: How } = {},
): Promise<Seen> {
  const running = story.start({ version: '1.1.0', ...inputs }, how)
  awaitNext(story, running, { moments, from: 0 })
  return story.clock.run(running.ended)
}

interface Awaited {
  readonly moments: readonly Moment[]
  /** Lines of the log before this one were there at the moment before. */
  readonly from: number
}

function awaitNext(story: Scenario, running: Running, { moments: [next, ...later], from }: Awaited): void {
  if (!next) return
  const { clock } = story
  const look = () => {
    const { log, annotations } = running.seen
    const isSaid = annotations.some(({ says }) => says.includes(next.when))
    const at = isSaid ? from : log.findIndex((line, index) => index >= from && line.includes(next.when))
    if (at < 0) return void clock.at(clock.now() + 50, look)
    clock.at(clock.now() + (next.after ?? 0), () => {
      next.act(running)
      awaitNext(story, running, { moments: later, from: at + 1 })
    })
  }
  look()
}

/** As the log shows it. */
export const stage = (title: string): string => `▸ ${title}`
