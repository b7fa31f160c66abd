import type { DriftReport } from './configuration/drift-report.ts'
import { learningJournal, type Timed } from './durations.ts'
import type { Effect } from './effects.ts'
import type { Remedy, Sick } from './errors.ts'
import type { LastWords } from './last-words.ts'
import { rememberedInputs } from './moved-otherwise.ts'
import type { Member } from './outcome.ts'
import type { Instant, Ms, Ports, Promotion } from './ports.ts'
import type { ProductionWatch } from './production-watch.ts'
import type { Settings } from './settings.ts'
import type { TestResults } from './test-results.ts'

/** One stage as it went, for the summary's timeline. */
export interface StageRecord {
  readonly title: string
  /** Since the operation began, in ms. */
  readonly beganAt: Ms
  readonly took: Ms
  readonly ended: 'well' | 'badly'
}

/** What was seen of production's being where it should, and of which environment that was said. */
export interface Proven {
  readonly environment: string
  readonly saw: string
}

/** One step of a shift as it went. */
export interface StepRecord {
  /** Per cent of production that were asked for. */
  readonly asked: number
  /** Per cent of the requests that arrived there, as the instances of both counted them; undefined when nobody did. */
  readonly seen: number | undefined
  /** What each version got, where that is counted. */
  readonly versions: readonly VersionSeen[]
  /** Requests to the production address from here, and how many of them failed. */
  readonly users: { readonly requests: number; readonly failures: number } | undefined
  /** Since the operation began, in ms. */
  readonly beganAt: Ms
  readonly took: Ms
  readonly ended: 'well' | 'badly'
}

/** What one version got during a step. */
export interface VersionSeen {
  readonly version: string | undefined
  readonly environment: string
  /** Requests a second, on the average of the looks. */
  readonly perSecond: number
  /** Of a hundred requests, how many were answered with a server error (5xx). */
  readonly serverErrorShare: number
}

/** What an operation learns on its way and its outcome tells. */
export interface RunRecord {
  readonly stages: StageRecord[]
  /** Of a shift in steps. */
  readonly steps: StepRecord[]
  /** Sentences: what was taken back. */
  readonly undone: string[]
  /** Sentences: what was left in place, and why. */
  readonly left: string[]
  readonly warnings: string[]
  readonly remedies: Remedy[]
  /** How long operations took that no write to the journal has kept yet. */
  readonly learnt: [Timed, Ms][]
  /** Earlier runs are settled: what is pending from here on is this run's own. */
  hasBegun?: boolean
  productionName?: string
  /** The names of live and candidate, once they are known: a verification's live may be outside of the pair. */
  members?: readonly string[]
  /** The names of the environments that this run may change. */
  claimed?: readonly string[]
  /** Other pairs that worked on an environment of this one before, by that environment's name. */
  readonly shared: { readonly environment: string; readonly pair: readonly string[] }[]
  /** The last promotion when the lock was taken, before anything was settled. */
  found?: Promotion | undefined
  /** Who had production when it was last looked at. */
  lastSeen?: Member | undefined
  /** Who had production when it was neither member of the pair, in words. */
  elsewhere?: string
  /** What Beanstalk goes on doing when nobody waits for it any more. */
  underWay?: string | undefined
  /** Said when a deployment fails that took the standby's place. */
  wayBackEnded?: string
  /** How the candidate's configuration differs from live's. */
  drift?: DriftReport
  productionUrl?: string
  candidateUrl?: string
  testsPassed?: boolean
  /** What is known of tests that an earlier run made, of the same version in the same environment. */
  testsBefore?: string
  testResults?: TestResults
  /** The environment that failed, and what was said of it. */
  sick?: Sick & { readonly says: string }
  /** What that environment said in the end. */
  lastWords?: LastWords
  /** How we know that production answers from where it should. */
  proof?: Proven
  /** Before a rollback settled the deployment under way: who was live then, and who was not. */
  beforeSettling?: { readonly live: Member | undefined; readonly other: Member | undefined }
  liveBefore?: Member | undefined
  otherBefore?: Member | undefined
  /** Counts what users see, from the shift to the very end. */
  watch?: ProductionWatch
  /** When this run found out where an unsettled move had ended, by S3's clock. */
  settledRouteAt?: Instant
  /** Has this run's own move of traffic happened? Absent while nobody knows. */
  moved?: boolean
  bringUpTook?: Ms
  switchTook?: Ms
  wayBackTook?: Ms
}

/** An operation under way: what it works with, what it may still do, and what it has learnt. */
export interface Run {
  readonly ports: Ports
  readonly settings: Settings
  /** Ends every wait: cancelled, out of time, or the lock is lost. */
  readonly signal: AbortSignal
  readonly record: RunRecord
  /** By the port's clock. */
  readonly began: Instant
  /** A group in the log, a line in the timeline, and where cancellation is seen. */
  stage<T>(title: string, work: (run: Run) => Promise<T>): Promise<T>
}

/** Begins an operation's run. */
export function newRun({
  ports,
  settings,
  signal,
}: {
  readonly ports: Ports
  readonly settings: Settings
  readonly signal: AbortSignal
}): Run {
  const began = ports.clock.now()
  const record: RunRecord = {
    stages: [],
    steps: [],
    undone: [],
    left: [],
    warnings: [],
    remedies: [],
    learnt: [],
    shared: [],
  }
  return {
    ports: { ...ports, journal: learningJournal(ports.journal, record.learnt) },
    settings,
    signal,
    record,
    began,
    async stage(title, work) {
      const beganAt = ports.clock.now() - began
      let ended: StageRecord['ended'] = 'badly'
      try {
        const result = await ports.report.group(title, async () => {
          this.signal.throwIfAborted()
          return work(this)
        })
        ended = 'well'
        return result
      } finally {
        record.stages.push({ title, beganAt, took: ports.clock.now() - began - beganAt, ended })
      }
    },
  }
}

/** Writes down that `effect` is about to happen. Nothing may be sent before this has returned, or when it throws. */
export async function intend<E extends Effect>(run: Run, effect: E): Promise<E> {
  await run.ports.journal.write((now) => ({
    ...now,
    productionName: run.record.productionName ?? now.productionName,
    ...(movesProduction(effect) && { trafficInputs: rememberedInputs(run) }),
    pending: [effect, ...now.pending],
  }))
  run.signal.throwIfAborted()
  return effect
}

const movesProduction = ({ what }: Effect): boolean => what === 'route' || what === 'attach'

/** Writes down that `effect` is settled: done with, taken back, or handed over. */
export async function settled(run: Run, effect: Effect): Promise<void> {
  await run.ports.journal.write((now) => ({ ...now, pending: now.pending.filter((one) => one !== effect) }))
}

/** Says something that a human must do, in log and summary. */
export function warn(run: Run, text: string): void {
  run.record.warnings.push(text)
  run.ports.report.warn(text)
}

/** The same run under another signal: settling does not end with the operation. */
export const under = (run: Run, signal: AbortSignal): Run => ({ ...run, signal })
