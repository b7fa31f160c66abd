import type { Group, Groups } from '../auto-scaling/group.ts'
import type { Cloud } from '../cloud.ts'
import type { DataPlane, Traffic } from '../data-plane/data-plane.ts'
import type { Balancing } from '../load-balancing/model.ts'
import type { Buckets } from '../s3/store.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { ManagedAction, PastAction } from './managed/action.ts'
import type { Quotas } from './quotas.ts'
import type { Settings } from './settings.ts'

/** Everything that Elastic Beanstalk knows in one account and region. */
export interface Region {
  readonly cloud: Cloud
  readonly dataPlane: DataPlane
  readonly buckets: Buckets
  readonly groups: Groups
  readonly balancing: Balancing
  readonly quotas: Quotas
  /** The solution stacks that can be had, newest first. */
  readonly stacks: string[]
  readonly applications: Map<string, Application>
  /** The terminated ones too, oldest first. */
  readonly environments: Environment[]
  /** Oldest first. */
  readonly events: Event[]
  /** What the DNS servers answer: names in lower case, and where they lead. */
  readonly names: Map<string, Environment>
  /** By ARN. */
  readonly sharedLoadBalancers: Map<string, SharedLoadBalancer>
  /** Of all environments, the deleted too, oldest first. */
  readonly databases: Database[]
  /** Names of terminated environments that nobody can take yet, until when (ms since 1970). */
  readonly heldNames: Map<string, number>
}

/** [BC:elasticbeanstalk ApplicationDescription] */
export interface Application {
  readonly name: string
  description: string | undefined
  readonly createdAt: number
  updatedAt: number
  lifecycle: Lifecycle
  readonly tags: Tags
  readonly versions: Map<string, Version>
  readonly templates: Map<string, Template>
}

/** Tags by key. */
export type Tags = Map<string, string>

/** An application version; the status as the service writes it, in upper case. [CLI:ebcli/operations/commonops.py] */
export interface Version {
  readonly label: string
  description: string | undefined
  /** Absent: Beanstalk's sample application. */
  readonly source: { readonly bucket: string; readonly key: string } | undefined
  readonly createdAt: number
  readonly tags: Tags
  status: 'UNPROCESSED' | 'PROCESSING' | 'PROCESSED' | 'FAILED'
  updatedAt: number
}

/** A saved configuration. */
export interface Template {
  readonly name: string
  description: string | undefined
  readonly createdAt: number
  updatedAt: number
  readonly stack: string
  settings: Settings
  readonly tags: Tags
  /** What environments made from it are tagged with, unless they are created with tags of their own. */
  readonly environmentTags: Tags
  /** What was last written to, or read from, its file in Beanstalk's bucket. */
  file: string | undefined
}

/** [BC:elasticbeanstalk EnvironmentStatus] */
export type Status = 'Launching' | 'Updating' | 'Aborting' | 'Ready' | 'Terminating' | 'Terminated'

/** [BC:elasticbeanstalk EnvironmentHealthStatus] */
export type HealthStatus =
  | 'NoData'
  | 'Unknown'
  | 'Pending'
  | 'Ok'
  | 'Info'
  | 'Warning'
  | 'Degraded'
  | 'Severe'
  | 'Suspended'

/** [BC:elasticbeanstalk EnvironmentHealth] */
export type Colour = 'Green' | 'Yellow' | 'Red' | 'Grey'

/** Health with the reasons for it. With basic health reporting only the colour is shown. */
export interface Health {
  readonly status: HealthStatus
  readonly causes: readonly string[]
}

/** An instance as Beanstalk's agent on it sees it. */
export interface Machine {
  readonly id: string
  /** The label deployed to it last, whether or not the environment shows it. */
  version: string | undefined
  deployment: {
    readonly id: number
    readonly status: 'In Progress' | 'Deployed' | 'Failed'
    readonly at: number
  }
  /** Whether the load balancer knows it. */
  registered: boolean
  /** `initial`: not yet checked by the load balancer. */
  target: 'initial' | 'healthy' | 'unhealthy'
  /** Checks in a row that failed, or passed. */
  failed: number
  passed: number
}

/** A load balancer that environments share; it belongs to none of them. [DG:environments-cfg-alb-shared] */
export interface SharedLoadBalancer {
  readonly arn: string
  /** Its DNS name. */
  readonly endpoint: string
  readonly addresses: readonly string[]
  /** In the order in which they came. */
  readonly environments: Environment[]
  /** Those that Beanstalk made on it. */
  readonly rules: SharedRule[]
}

/** A rule that Beanstalk keeps on a shared load balancer. */
export interface SharedRule {
  readonly arn: string
  readonly environment: Environment
  /** As the configuration calls it. */
  readonly name: string
}

/** An RDS database that an environment was made with. It is empty when it is made. */
export interface Database {
  readonly name: string
  /** The id of that environment. */
  readonly environment: string
  readonly createdAt: number
  state: 'coupled' | 'retained' | 'snapshot' | 'deleted'
}

/** One environment, dead or alive. */
export interface Environment {
  readonly id: string
  readonly name: string
  readonly application: string
  readonly tier: 'web' | 'worker'
  /** A single instance without a load balancer. */
  readonly single: boolean
  readonly createdAt: number
  /** When DescribeEnvironments begins to list it (ms since 1970). */
  readonly visibleFrom: number
  readonly tags: Tags
  readonly machines: Map<string, Machine>
  readonly template: string | undefined
  description: string | undefined
  stack: string
  cname: string | undefined
  endpoint: string | undefined
  /** IPv4 addresses of its front. */
  addresses: readonly string[]
  status: Status
  /** The description that DescribeEnvironments may still answer, until when (ms since 1970). */
  stale: { readonly description: object; readonly until: number } | undefined
  /** True while an operation runs, whatever the status says. */
  busy: boolean
  /** There while the operation that runs can be aborted. */
  abortable: AbortController | undefined
  version: string | undefined
  /** The version that an update is bringing here, as long as the environment is busy with it. */
  deploying: string | undefined
  /** The configuration that is deployed. */
  settings: Settings
  draft: { readonly settings: Settings; status: 'pending' | 'failed' } | undefined
  health: Health
  /** What an operation shows instead of what the checks say; `judged` only replaces Ok. */
  shown: { readonly health: Health; readonly judged: boolean } | undefined
  /** True while all instances are out of service to be deployed to: nothing is checked then. */
  out: boolean
  /** The last update failed, and no other has succeeded since. */
  failed: boolean
  deployments: number
  group: Group | undefined
  /** The database inside the environment. */
  database: Database | undefined
  targets: readonly string[]
  /** The target groups that its stack's template gives its Auto Scaling group. */
  stackGroups: readonly string[] | undefined
  /** The listeners that its stack was made with, as text: an update changes them only when they are others. */
  listeners: string | undefined
  /** A traffic-splitting deployment: the share of requests, in per cent, that the new instances get. */
  split: { readonly percent: number; readonly instances: ReadonlySet<string> } | undefined
  /** The last minute, newest last. */
  readonly traffic: Traffic[]
  idleSince: number | undefined
  readonly logs: EnvironmentLog[]
  /** The ARN of the role that Beanstalk takes for this environment. */
  operationsRole: string | undefined
  /** What Beanstalk is going to do here by itself, or is doing. */
  managedAction: ManagedAction | undefined
  /** Oldest first. */
  readonly pastActions: PastAction[]
  /** How often it was brought back after its termination: who looks after an earlier life stops. */
  life: number
  updatedAt: number
  terminatedAt: number | undefined
}

/** An answer to RequestEnvironmentInfo. */
export interface EnvironmentLog {
  readonly type: string
  readonly instance: string
  readonly at: number
  readonly bucket: string
  readonly key: string
}

/** [BC:elasticbeanstalk EventSeverity] */
export type Severity = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

/** A line of Beanstalk's event streams. */
export interface Event {
  readonly at: number
  readonly message: string
  readonly severity: Severity
  readonly application: string
  readonly environment?: { readonly id: string; readonly name: string }
  readonly version?: string
  readonly template?: string
  /** Absent on events about health and instances. */
  readonly requestId?: string
}
