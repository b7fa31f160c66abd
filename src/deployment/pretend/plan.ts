import type { Report } from '../ports.ts'

/** What a stage would do, in order. */
export interface PlannedStage {
  readonly title: string
  readonly steps: readonly string[]
}

/** A plan while it is made. */
export interface Plan {
  readonly stages: readonly PlannedStage[]
  /** Takes note of something that would be done. */
  note(step: string): void
  /** The same, for what would change something that is read again. */
  change(step: string): void
  readonly hasChanged: () => boolean
  /** Says what is a fact as it is, and everything from the first pretended stage on as what would be said. */
  readonly report: Report
}

/** A plan in which nothing is planned yet; it is said in the log as it grows. */
export function planOf(report: Report): Plan {
  const stages: { readonly title: string; readonly steps: string[] }[] = []
  let hasChanged = false
  let isPretending = false
  const note = (step: string) => {
    stages.at(-1)?.steps.push(step)
    report.line(`would ${step}`)
  }
  const say = (text: string) => {
    // Nobody waits for what is pretended.
    if (text.startsWith('waiting until ')) return
    report.line(hasChanged || isPretending ? `would say: ${text}` : text)
  }
  return {
    stages,
    note,
    change(step) {
      hasChanged = true
      note(step)
    },
    hasChanged: () => hasChanged,
    report: {
      group(title, work) {
        // Up to its plan an operation only looks; settling what an earlier run left comes before that, and does not.
        isPretending ||= title.startsWith('Settle') || stages.some((stage) => stage.title === 'Plan')
        stages.push({ title, steps: [] })
        return report.group(title, work)
      },
      line: say,
      // An annotation would say that it has happened.
      warn: say,
    },
  }
}
