import type { Clock } from '../clock.ts'
import type { Cloud } from '../cloud.ts'

/** An EC2 instance as its group sees it. */
export interface Instance {
  readonly id: string
  readonly zone: string
  /** Milliseconds since 1970. */
  readonly launchedAt: number
  lifecycle: 'Pending' | 'InService' | 'Terminating'
}

/** What the owner of a group does with its instances. */
export interface Crew {
  /** An instance came into service by Auto Scaling's own doing. */
  arrived(instance: Instance): Promise<void>
  /** An instance must leave; it is gone when this resolves. */
  leaving(instance: Instance): Promise<void>
}

/** A change of size at a time. Times are ms since 1970. [BC:autoscaling ScheduledUpdateGroupAction] */
export interface ScheduledAction {
  readonly name: string
  readonly startAt: number | undefined
  readonly endAt: number | undefined
  /** A cron expression. */
  readonly recurrence: string | undefined
  /** UTC when left out. */
  readonly timeZone: string | undefined
  readonly min: number | undefined
  readonly max: number | undefined
  readonly desired: number | undefined
}

/** An Auto Scaling group. */
export interface Group {
  readonly name: string
  /** The environment's id and name, which Beanstalk puts into the group's tags. */
  readonly environment: { readonly id: string; readonly name: string }
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly crew: Crew
  min: number
  max: number
  desired: number
  instances: Instance[]
  /** ARNs: its instances are registered with these, and deregistered when they leave. */
  targetGroups: readonly string[]
  /** By name; those that are over are gone. */
  readonly scheduled: Map<string, ScheduledAction>
  /** When its size was last changed, in ms since 1970: the cooldown counts from here. */
  scaledAt: number
}

/** The Auto Scaling groups of an account and region, by name. */
export type Groups = Map<string, Group>

/** What scaling needs of the cloud. */
export type Surroundings = Pick<Cloud, 'random' | 'region'> & { readonly clock: Clock }
