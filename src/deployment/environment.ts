/** `Status` of an environment [botocore: EnvironmentStatus]. `Ready` says nothing about success. */
export type EnvironmentStatus =
  | 'Aborting'
  | 'Launching'
  | 'Updating'
  | 'LinkingFrom'
  | 'LinkingTo'
  | 'Ready'
  | 'Terminating'
  | 'Terminated'

/** Health from best to worst; `unknown` while Beanstalk itself cannot tell (Grey, Pending, NoData, Suspended). */
export type Health = 'Ok' | 'Warning' | 'Degraded' | 'Severe' | 'unknown'

/** One environment as Beanstalk described it at one moment. */
export interface Environment {
  readonly id: string
  readonly name: string
  readonly status: EnvironmentStatus
  readonly health: Health
  /** What production's clients look up; belongs to the environment only until the next swap. */
  readonly cname: string | undefined
  /** The load balancer's DNS name, or the only instance's address; stays through swaps. */
  readonly endpoint: string | undefined
  /** The version label of the last deployment that succeeded. */
  readonly version: string | undefined
  readonly tier: 'WebServer' | 'Worker'
  readonly description: string
  /** A platform's ARN, or a solution stack's name. */
  readonly platform?: string | undefined
  /** When it was created, in ms since 1970. */
  readonly created?: number | undefined
  /** When Beanstalk last changed it, by Beanstalk's clock [BC:elasticbeanstalk DateUpdated]. */
  readonly updated: number
}

/** What a member of a pair is called in messages. */
export interface Named {
  readonly id: string
  readonly name: string
  readonly version: string | undefined
}

/** Can something be done with it now? One operation at a time per environment [aws-semantics A.2]. */
export const isReady = (environment: Environment): boolean => environment.status === 'Ready'

/** Is it going away, or gone? */
export const isEnding = (environment: Environment): boolean =>
  environment.status === 'Terminating' || environment.status === 'Terminated'

const ranks: Readonly<Record<Health, number>> = { Ok: 3, Warning: 2, Degraded: 1, Severe: 0, unknown: -1 }

/** Is `health` at `minimum` or better? Unknown health is never good enough. */
export const isAtLeast = (health: Health, minimum: Health): boolean => ranks[health] >= ranks[minimum]

/** The worse of two; an unknown health says nothing and gives way. */
export function worseOf(one: Health, other: Health): Health {
  if (one === 'unknown') return other
  if (other === 'unknown') return one
  return ranks[one] < ranks[other] ? one : other
}

/** For messages: `shop-blue (e-1234567890, 1.4.0)`. */
export const describe = ({ name, id, version }: Named): string =>
  `${name} (${id}, ${version ?? 'no version'})`
