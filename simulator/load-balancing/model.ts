import type { Groups } from '../auto-scaling/group.ts'
import type { Cloud } from '../cloud.ts'
import type { DataPlane } from '../data-plane/data-plane.ts'
import type { Nodes } from './spread.ts'

/** Everything that Elastic Load Balancing (v2) knows in one account and region. Everything is found by its ARN. */
export interface Balancing {
  readonly cloud: Cloud
  readonly dataPlane: DataPlane
  /** The Auto Scaling groups, which register their instances with the target groups that they name. */
  readonly groups: Groups
  /** From 0 to 1: what weights are drawn with. Not the cloud's, so that requests do not change the histories of seeds. */
  readonly draw: () => number
  readonly loadBalancers: Map<string, LoadBalancer>
  readonly listeners: Map<string, Listener>
  /** The default ones too, in the order in which they were made. */
  readonly rules: Map<string, Rule>
  readonly targetGroups: Map<string, TargetGroup>
  /** Of all of these, by ARN. */
  readonly tags: Map<string, Map<string, string>>
  /** How many things were made so far: ids are made from it. */
  made: number
}

/** [BC:elbv2 LoadBalancer] */
export interface LoadBalancer {
  readonly arn: string
  readonly name: string
  readonly dnsName: string
  readonly type: 'application' | 'network'
  readonly internal: boolean
  /** In ms since 1970. */
  readonly createdAt: number
  /** From when on its state is `active`. */
  readonly activeFrom: number
  /** The name of its front in the data plane. */
  readonly front: string
  readonly addresses: readonly string[]
  readonly nodes: Nodes
  readonly attributes: Map<string, string>
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  readonly ipAddressType: string
  /** The id of the environment that Beanstalk made it for. */
  readonly environment: string | undefined
}

/** [BC:elbv2 Listener] Its default actions are those of its default rule. */
export interface Listener {
  readonly arn: string
  readonly loadBalancer: LoadBalancer
  port: number
  protocol: Protocol
  certificates: readonly string[]
  sslPolicy: string | undefined
}

/** [BC:elbv2 ProtocolEnum], as far as it is simulated. */
export type Protocol = 'HTTP' | 'HTTPS' | 'TCP' | 'TLS'

/** [BC:elbv2 Rule] What it holds is replaced, never changed. */
export interface Rule {
  readonly arn: string
  readonly listener: Listener
  /** `default`: the last of its listener, without conditions. */
  priority: number | 'default'
  conditions: readonly Condition[]
  actions: readonly Action[]
}

/** [BC:elbv2 RuleCondition] */
export interface Condition {
  readonly Field?: string
  readonly Values?: readonly string[]
  readonly HostHeaderConfig?: ValuesConfig
  readonly PathPatternConfig?: ValuesConfig
  readonly HttpHeaderConfig?: ValuesConfig & { readonly HttpHeaderName?: string }
  readonly QueryStringConfig?: {
    readonly Values?: readonly { readonly Key?: string; readonly Value?: string }[]
  }
  readonly HttpRequestMethodConfig?: ValuesConfig
  readonly SourceIpConfig?: ValuesConfig
}

interface ValuesConfig {
  readonly Values?: readonly string[]
}

/** [BC:elbv2 Action] */
export interface Action {
  readonly Type: string
  readonly Order?: number
  readonly TargetGroupArn?: string
  readonly ForwardConfig?: ForwardConfig
  readonly RedirectConfig?: RedirectConfig
  readonly FixedResponseConfig?: {
    readonly StatusCode: string
    readonly ContentType?: string
    readonly MessageBody?: string
  }
  readonly AuthenticateOidcConfig?: AuthenticateConfig & {
    readonly AuthorizationEndpoint: string
    readonly ClientId: string
    readonly ClientSecret?: string
  }
  readonly AuthenticateCognitoConfig?: AuthenticateConfig & {
    readonly UserPoolDomain: string
    readonly UserPoolClientId: string
  }
}

interface AuthenticateConfig {
  readonly OnUnauthenticatedRequest?: string
  readonly SessionCookieName?: string
}

/** [BC:elbv2 ForwardActionConfig] */
export interface ForwardConfig {
  readonly TargetGroups?: readonly WeightedGroup[]
  readonly TargetGroupStickinessConfig?: { readonly Enabled?: boolean; readonly DurationSeconds?: number }
}

/** [BC:elbv2 TargetGroupTuple] The weight is from 0 to 999. */
export interface WeightedGroup {
  readonly TargetGroupArn?: string
  readonly Weight?: number
}

/** [BC:elbv2 RedirectActionConfig] */
export interface RedirectConfig {
  readonly StatusCode: string
  readonly Protocol?: string
  readonly Host?: string
  readonly Port?: string
  readonly Path?: string
  readonly Query?: string
}

/** [BC:elbv2 TargetGroup] */
export interface TargetGroup {
  readonly arn: string
  readonly name: string
  readonly targetType: 'instance' | 'ip'
  readonly protocol: Protocol
  readonly protocolVersion: string
  readonly port: number
  readonly vpc: string
  check: HealthCheck
  readonly attributes: Map<string, string>
  /** By the target's id. */
  readonly targets: Map<string, Target>
  /** Where Beanstalk's own target groups get their targets from; those of the user's have none. */
  readonly own: OwnTargets | undefined
  /** True while somebody checks its targets. */
  checked: boolean
  /** The number of its next request. */
  turn: number
}

/** How targets are checked; times in seconds. */
export interface HealthCheck {
  readonly enabled: boolean
  readonly protocol: Protocol
  /** `traffic-port` or a number. */
  readonly port: string
  readonly path: string
  readonly interval: number
  readonly timeout: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly matcher: string
}

/** A target of a group that the user made. */
export interface Target {
  readonly id: string
  readonly port: number
  /** Registered by an Auto Scaling group, and deregistered by it. */
  byGroup: boolean
  state: 'initial' | 'healthy' | 'unhealthy'
  /** Checks in a row that failed, or passed, and why the last one failed. */
  failed: number
  passed: number
  status: number | 'nothing' | undefined
  /** Deregistered: until when (ms since 1970) it may finish what it has. */
  drainsUntil: number | undefined
}

/** The targets of a target group that Beanstalk keeps: the instances of one environment. */
export interface OwnTargets {
  /** Its id, which is the name of its route in the data plane. */
  readonly environment: string
  /** Of Beanstalk's configuration. */
  readonly process: string
  /** False: nothing listens at the port of this process. */
  readonly answers: boolean
  targets(): readonly OwnTarget[]
}

/** A target as Beanstalk's own checks see it. */
export interface OwnTarget {
  readonly id: string
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining'
}
