/** What Elastic Beanstalk is going to do with an environment, or is doing, by itself. [BC:elasticbeanstalk ManagedAction] */
export interface ManagedAction {
  readonly id: string
  readonly type: 'PlatformUpdate' | 'InstanceRefresh'
  readonly description: string
  /** The solution stack that the environment has afterwards. */
  readonly stack: string
  /** When the maintenance window opens, in ms since 1970. */
  readonly windowStart: number
  status: 'Scheduled' | 'Pending' | 'Running'
}

/** A managed action that is over. [BC:elasticbeanstalk ManagedActionHistoryItem] */
export interface PastAction {
  readonly id: string
  readonly type: ManagedAction['type']
  readonly description: string
  /** Milliseconds since 1970. */
  readonly executedAt: number
  readonly finishedAt: number
  /** Absent when it went well. */
  readonly failure: ActionFailure | undefined
}

/** Why a managed action failed. [BC:elasticbeanstalk FailureType] */
export type ActionFailure =
  | 'UpdateCancelled'
  | 'RollbackSuccessful'
  | 'InternalFailure'
  | 'InvalidEnvironmentState'
