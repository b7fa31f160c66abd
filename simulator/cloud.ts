import type { Certificates } from './certificates/store.ts'
import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Switches } from './switches.ts'

/** What every simulated service shares. */
export interface Cloud {
  readonly clock: Clock
  /** From 0 to 1, seeded in virtual time so that the same seed gives the same history. */
  readonly random: () => number
  readonly region: string
  readonly account: string
  readonly switches: Switches
  readonly faults: Faults
  readonly certificates: Certificates
}

/** A role whose temporary credentials sign a call. */
export interface Caller {
  readonly account: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
  readonly arn: string
  readonly userId: string
}

/** One API call as a service sees it. */
export interface Call {
  /** The SigV4 scope: elasticbeanstalk, autoscaling, route53, s3, sts. */
  readonly service: string
  readonly operation: string
  readonly requestId: string
  /** The Host header of its request; absent for what nobody sent. */
  readonly host?: string | undefined
  /** Absent for credentials that were not handed out here: they are the simulated account's. */
  readonly caller?: Caller | undefined
}

/** Takes the input that the API model decoded and answers the output that the API model will encode; throws AwsError. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of each input is the API model's, checked at run time by the codec
export type Operation = (input: any, call: Call) => unknown

/** A service of the query protocol: its operations by name. */
export interface Service {
  readonly scope: string
  readonly operations: Readonly<Record<string, Operation>>
}

/** An error as AWS answers it. `code` is the wire code (for example `OperationInProgressFailure`), `status` the HTTP status. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** One line of the simulator's record of calls, in the order in which they arrived. */
export interface RecordedCall {
  readonly at: number
  readonly service: string
  readonly operation: string
  readonly input: unknown
  /** The wire code of the error that was answered, or the fault that hid the answer. */
  readonly error?: string
  /** False for Describe, List, Get, Head and Check calls, and for getting credentials. */
  readonly mutating: boolean
}
