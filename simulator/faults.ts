/** What can happen to a call on its way, by name. */
export type CallFault =
  | 'throttled' // 400 Throttling, Rate exceeded: nothing happened
  | 'server-error' // 500 InternalFailure: nothing happened
  | 'unavailable' // 503 with an HTML body: nothing happened
  | 'reset-before' // the connection is reset: nothing happened
  | 'answer-lost' // it happened, then the connection is reset
  | 'unanswered' // it never happens and never answers; the client's own timeout has to end it
  | 'slow' // it happens, and the answer takes `forMs` of simulated time
  | 'expired-credentials' // 403 ExpiredToken
  | 'clock-skew' // 403 SignatureDoesNotMatch (S3: RequestTimeTooSkewed), as for a client whose clock is late: nothing happened
  | 'denied' // 403 AccessDenied naming the IAM action

/** What can happen inside Elastic Beanstalk and its instances, by name. */
export type EnvironmentFault =
  | 'deployment-fails' // ERROR events, Ready with the old label, Red
  | 'deployment-rolls-back' // ERROR events, Ready and Green with the old label
  | 'launch-with-errors' // created, Ready, Red, "issues during launch"
  | 'never-healthy' // Ready with the new label, health stays Red (Severe)
  | 'health-flaps' // changes between Ok and Severe every 30 s
  | 'terminate-fails' // back to Ready with an ERROR event (a security group is referenced)
  | 'stuck-terminating' // Terminating for ever
  | 'stuck-updating' // Updating for ever
  | 'managed-update' // a managed platform update begins when its next launch, update or swap is over
  | 'app-crashes-after-swap' // its application ends on every instance when its next swap is over
  | 'human-swaps-back' // somebody swaps back half a minute after its next swap

export interface CallFaultOrder {
  readonly fault: CallFault
  /** For example `SwapEnvironmentCNAMEs` or `PutObject`; `*` is every call. */
  readonly operation: string
  /** How many calls it hits; 1 when left out. */
  readonly times?: number
  /** How many matching calls pass first; 0 when left out. */
  readonly after?: number
  /** For `slow`: milliseconds of simulated time. */
  readonly forMs?: number
}

export interface EnvironmentFaultOrder {
  readonly fault: EnvironmentFault
  /** The environment's name; every environment when left out. */
  readonly environment?: string
  /** The version label; every version when left out. */
  readonly version?: string
  /** How many operations it hits; 1 when left out. Health faults last until lifted. */
  readonly times?: number
}

/** Faults that were ordered and have not struck yet. */
export interface Faults {
  order(order: CallFaultOrder | EnvironmentFaultOrder): void
  /** Called once per arriving call. */
  strikeCall(operation: string): CallFaultOrder | undefined
  /** Called when an operation on an environment begins or its health is judged; counts down `times` unless `peek`. */
  strikeEnvironment(
    fault: EnvironmentFault,
    at: { readonly environment: string; readonly version?: string | undefined; readonly peek?: boolean },
  ): boolean
  clear(): void
}

interface Ordered<T> {
  readonly order: T
  left: number
  skip: number
}

/** Faults kept in the order in which they were ordered; the first that fits strikes. */
export function createFaults(): Faults {
  const calls: Ordered<CallFaultOrder>[] = []
  const environments: Ordered<EnvironmentFaultOrder>[] = []
  return {
    order(order) {
      if ('operation' in order) calls.push({ order, left: order.times ?? 1, skip: order.after ?? 0 })
      else environments.push({ order, left: order.times ?? 1, skip: 0 })
    },
    strikeCall(operation) {
      for (const ordered of calls) {
        if (ordered.left === 0) continue
        if (ordered.order.operation !== '*' && ordered.order.operation !== operation) continue
        if (ordered.skip > 0) {
          ordered.skip -= 1
          continue
        }
        ordered.left -= 1
        return ordered.order
      }
      return undefined
    },
    strikeEnvironment(fault, { environment, version, peek = false }) {
      const found = environments.find(
        ({ order, left }) =>
          left > 0 &&
          order.fault === fault &&
          (order.environment === undefined || order.environment === environment) &&
          (order.version === undefined || order.version === version),
      )
      if (found && !peek) found.left -= 1
      return found !== undefined
    },
    clear() {
      calls.length = 0
      environments.length = 0
    },
  }
}
