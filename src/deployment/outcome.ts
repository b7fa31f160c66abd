import type { DriftReport } from './configuration/drift-report.ts'
import type { Health } from './environment.ts'
import type { Remedy } from './errors.ts'
import type { LastWords } from './last-words.ts'
import type { PairReport } from './pair-report.ts'
import type { PlannedStage } from './pretend/plan.ts'
import type { UsersView } from './production-watch.ts'
import type { StageRecord, StepRecord } from './run.ts'
import type { OperationName } from './settings.ts'
import type { TestResults } from './test-results.ts'

/** How an operation ended. */
export type OutcomeName =
  | 'promoted'
  | 'verified'
  | 'already-live'
  | 'restored'
  | 'retired'
  | 'recovered'
  | 'reported' // nothing was changed
  | 'skipped' // nothing was done, and nothing is wrong
  | 'rolled-back' // a deployment came back
  | 'failed' // nothing reached users
  | 'stuck' // a human is needed

/** How the work of an operation ended, before anything is added that only reading can tell. */
export interface Ending {
  readonly is: OutcomeName
  readonly says: string
  /** There was nothing to do: what `is` says did not happen. */
  readonly wasIdle?: boolean
}

/** One environment as the outcome tells it. */
export interface Member {
  readonly name: string
  readonly id: string
  readonly version: string | undefined
  /** When it was looked at at the end. */
  readonly health?: Health
}

/** A workflow file of the user's repository, in YAML. */
export interface WorkflowFile {
  readonly path: string
  readonly text: string
}

/** Everything that outputs, summary and exit status are made of. */
export interface Outcome {
  readonly operation: OperationName
  readonly is: OutcomeName
  /** What happened, in a sentence or two. */
  readonly says: string
  /** There was nothing to do: what `is` says did not happen. */
  readonly wasIdle?: boolean
  /** What serves production at the end, as AWS answered; undefined when that could not be read. */
  readonly live: Member | undefined
  readonly standby: Member | undefined
  /** Where production is shared: the share of each by name, in per cent. */
  readonly split?: Readonly<Record<string, number>> | undefined
  /** Who had production when it was last looked at; for when `live` could not be read. */
  readonly lastSeen: Member | undefined
  /** Who has production when it was read and is neither member of the pair, in words. */
  readonly elsewhere?: string | undefined
  /** Who was live when the operation began. */
  readonly liveBefore: Member | undefined
  /** The other member when the operation began. */
  readonly otherBefore: Member | undefined
  readonly previousVersion: string | undefined
  readonly productionName: string | undefined
  readonly productionUrl: string | undefined
  readonly candidateUrl: string | undefined
  readonly proof: string | undefined
  readonly testsPassed: boolean | undefined
  /** Of tests at a verification before this operation, for people: `passed at the verification, 3 h ago`. */
  readonly testsBefore?: string | undefined
  readonly testResults: TestResults | undefined
  /** What the environment that failed said in the end. */
  readonly lastWords?: LastWords | undefined
  readonly users: UsersView | undefined
  readonly stages: readonly StageRecord[]
  /** Of a shift of traffic in steps; empty where it moved at once. */
  readonly steps: readonly StepRecord[]
  readonly undone: readonly string[]
  readonly left: readonly string[]
  readonly warnings: readonly string[]
  readonly remedies: readonly Remedy[]
  /** Milliseconds. */
  readonly took: number
  readonly bringUpTook: number | undefined
  readonly switchTook: number | undefined
  readonly wayBackTook: number | undefined
  /** How the candidate's configuration differed from live's. */
  readonly drift?: DriftReport | undefined
  /** What `status` tells. */
  readonly pair?: PairReport
  /** What a dry run would do, stage by stage as in `stages`, which say how long such a stage usually takes. */
  readonly plan?: readonly PlannedStage[]
  /** Complete workflows for this very pair. */
  readonly workflows?: readonly WorkflowFile[]
  /** Set when the cause is a mistake of ours: it has a stack. */
  readonly bug: Error | undefined
}

/** Does the step succeed? */
export function succeeded(outcome: Pick<Outcome, 'is'>): boolean {
  switch (outcome.is) {
    case 'promoted':
    case 'verified':
    case 'already-live':
    case 'restored':
    case 'retired':
    case 'recovered':
    case 'reported':
    case 'skipped':
      return true
    case 'rolled-back':
    case 'failed':
    case 'stuck':
      return false
  }
}
