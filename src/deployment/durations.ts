import type { Journal, Ms, PairState } from './ports.ts'
import type { Run } from './run.ts'

/** What AWS does for us again and again, and takes about as long for as last time. */
export type Timed = 'deployment' | 'configuration' | 'creation'

/** How long the last ones of each kind took, newest first, in ms. */
export type Durations = Partial<Record<Timed, readonly Ms[]>>

/** Between which moments something usually ends, since it was asked for. */
export interface Span {
  readonly earliest: Ms
  readonly latest: Ms
}

/**
 * While a pair has no history: a deployment all at once, a change of options (80 to 220 s), a creation with a load
 * balancer [aws-semantics A.7, A.9].
 */
const documented: Readonly<Record<Timed, Ms>> = {
  deployment: 80_000,
  configuration: 150_000,
  creation: 390_000,
}

const remembered = 5
const second: Ms = 1_000
const day: Ms = 86_400_000

/** When it is usually over: as with the last ones of this pair, else as AWS's documentation and published logs have it. */
export function usualSpan(run: Run, what: Timed): Span {
  const last = sane(run.ports.journal.state.durations?.[what])
  if (last.length === 0) return around(documented[what])
  // They differ by a few per cent from one time to the next: the span is a little wider than what was seen.
  return { earliest: Math.min(...last) * 0.95, latest: Math.max(...last) * 1.05 }
}

/** How long it usually takes. */
export function usually(run: Run, what: Timed): Ms {
  const { earliest, latest } = usualSpan(run, what)
  return (earliest + latest) / 2
}

/** A single expectation as a span: ten per cent around it [log]. */
export const around = (expected: Ms): Span => ({
  earliest: Math.round(expected * 0.88),
  latest: Math.round(expected * 1.12),
})

/** Notes how long it took; the run's next write to the journal keeps it for later runs. */
export function learn(run: Run, what: Timed, took: Ms): void {
  run.record.learnt.push([what, took])
}

/** A journal whose writes keep what was learnt: it is worth remembering, and not worth a call of its own. */
export function learningJournal(journal: Journal, learnt: [Timed, Ms][]): Journal {
  const write: Journal['write'] = async (change) => {
    const news = learnt.splice(0)
    return journal.write((now) => withNews(change(now), news))
  }
  return Object.create(journal, { write: { value: write } })
}

function withNews(state: PairState, news: readonly (readonly [Timed, Ms])[]): PairState {
  if (news.length === 0) return state
  const durations: Record<string, readonly Ms[]> = { ...state.durations }
  for (const [what, took] of news)
    durations[what] = [Math.round(took), ...sane(durations[what])].slice(0, remembered)
  return { ...state, durations }
}

/** The journal is a hint: what cannot be a duration is none. */
const sane = (durations: readonly Ms[] | undefined): readonly Ms[] =>
  Array.isArray(durations)
    ? durations.filter((ms) => typeof ms === 'number' && ms >= second && ms <= day).slice(0, remembered)
    : []
