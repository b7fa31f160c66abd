import { invalid } from './errors.ts'
import { findApplication } from './find.ts'
import type { Region } from './region.ts'

/** Which versions of an application are deleted when a new one is created. [DG:applications-lifecycle] */
export interface Lifecycle {
  readonly serviceRole: string | undefined
  readonly count: Rule
  readonly age: Rule
}

/** One of the two rules; `most` is a number of versions, or of days. */
export interface Rule {
  readonly enabled: boolean
  readonly most: number
  /** Whether the source bundle goes too. */
  readonly deleteSource: boolean
}

/** An application's lifecycle before anybody sets it. [CLI:ebcli/objects/lifecycleconfiguration.py] */
export const noLifecycle: Lifecycle = {
  serviceRole: undefined,
  count: { enabled: false, most: 200, deleteSource: false },
  age: { enabled: false, most: 180, deleteSource: false },
}

/** ApplicationResourceLifecycleConfig as calls carry it. [BC:elasticbeanstalk] */
export interface LifecycleInput {
  readonly ServiceRole?: string
  readonly VersionLifecycleConfig?: {
    readonly MaxCountRule?: RuleInput & { readonly MaxCount?: number }
    readonly MaxAgeRule?: RuleInput & { readonly MaxAgeInDays?: number }
  }
}

interface RuleInput {
  readonly Enabled: boolean
  readonly DeleteSourceFromS3?: boolean
}

/** `UpdateApplicationResourceLifecycle`: nothing is deleted before the next version is created. [BC:elasticbeanstalk] */
export function updateApplicationResourceLifecycle(
  region: Region,
  input: { ApplicationName: string; ResourceLifecycleConfig: LifecycleInput },
) {
  const application = findApplication(region, input.ApplicationName)
  application.lifecycle = mergeLifecycle(application.lifecycle, input.ResourceLifecycleConfig)
  application.updatedAt = region.cloud.clock.now()
  return {
    ApplicationName: application.name,
    ResourceLifecycleConfig: describeLifecycle(application.lifecycle),
  }
}

/**
 * A lifecycle with what a call changes: rules that it does not name stay, and the service role is needed only the first
 * time. [BC:elasticbeanstalk ApplicationResourceLifecycleConfig] The error's text is assumed.
 */
export function mergeLifecycle(now: Lifecycle, input: LifecycleInput): Lifecycle {
  const { ServiceRole, VersionLifecycleConfig: versions } = input
  const serviceRole = ServiceRole ?? now.serviceRole
  if (versions && serviceRole === undefined) {
    throw invalid('A service role is required to use the application version lifecycle.')
  }
  const { MaxCountRule: count, MaxAgeRule: age } = versions ?? {}
  return {
    serviceRole,
    count: count ? changed(now.count, { ...count, most: count.MaxCount }) : now.count,
    age: age ? changed(now.age, { ...age, most: age.MaxAgeInDays }) : now.age,
  }
}

/** A lifecycle as ApplicationResourceLifecycleConfig. [BC:elasticbeanstalk] */
export function describeLifecycle({ serviceRole, count, age }: Lifecycle) {
  return {
    ...(serviceRole !== undefined && { ServiceRole: serviceRole }),
    VersionLifecycleConfig: {
      MaxCountRule: {
        Enabled: count.enabled,
        MaxCount: count.most,
        DeleteSourceFromS3: count.deleteSource,
      },
      MaxAgeRule: { Enabled: age.enabled, MaxAgeInDays: age.most, DeleteSourceFromS3: age.deleteSource },
    },
  }
}

function changed(rule: Rule, input: RuleInput & { readonly most: number | undefined }): Rule {
  const most = input.most ?? rule.most
  if (input.Enabled && most < 1) throw invalid('A lifecycle rule must keep at least one version or day.')
  return { enabled: input.Enabled, most, deleteSource: input.DeleteSourceFromS3 ?? rule.deleteSource }
}
