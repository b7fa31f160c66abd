import type { Region } from '../region.ts'
import { branchOf, partsOf, platformArn } from '../stacks.ts'

/** A platform version of the region, in AWS's words. [BC:elasticbeanstalk PlatformSummary] [CLI:tests/unit/objects/test_platform.py] */
export interface Platform {
  readonly stack: string
  readonly arn: string
  /** For example `Node.js`. */
  readonly category: string
  readonly version: string
  readonly branch: string
  readonly systemName: string
  readonly systemVersion: string
  /** For example `Node.js 22`. */
  readonly language: string
  /** The newest of its branch. */
  readonly recommended: boolean
}

/** What every platform of the simulator supports. [CLI:tests/unit/objects/test_platform.py] */
export const tiers: readonly string[] = ['WebServer/Standard', 'Worker/SQS/HTTP']
export const addons: readonly string[] = ['Log/S3', 'Monitoring/Healthd', 'WorkerDaemon/SQSD']
/** Who owns the platforms that AWS makes. [CLI:tests/unit/objects/test_platform.py] */
export const awsOwner = 'AWSElasticBeanstalk'
/** All branches of the simulator are. [CLI:ebcli/resources/statics.py] */
export const branchState = 'Supported'

/** Every platform version of the region, newest first. */
export function platformsOf(region: Region): readonly Platform[] {
  return region.stacks.map((stack) => platformOf(region, stack))
}

/** The newest version of a stack's branch. */
export function newestOf(region: Region, stack: string): string {
  const branch = region.stacks.filter((one) => branchOf(one) === branchOf(stack))
  return branch.reduce((best, one) => (isNewer(one, best) ? one : best), stack)
}

/** Whether a stack's version is above another's; they are numbers with dots between. */
export function isNewer(stack: string, than: string): boolean {
  return compareVersions(partsOf(stack).version, partsOf(than).version) > 0
}

/** Below zero when the first is older: 6.5.2 is older than 6.10.0. */
export function compareVersions(one: string, other: string): number {
  const [mine, theirs] = [one, other].map((version) => version.split('.').map(Number))
  for (const place of [0, 1, 2]) {
    const difference = (mine?.[place] ?? 0) - (theirs?.[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function platformOf(region: Region, stack: string): Platform {
  const { system, version, language } = partsOf(stack)
  const [, systemName = '', systemVersion = ''] = /^64bit (.*) (\S+)$/.exec(system) ?? []
  return {
    stack,
    arn: platformArn(region.cloud.region, stack),
    category: language.replace(/ [\d.]+$/, ''),
    version,
    branch: branchOf(stack),
    systemName,
    systemVersion,
    language,
    recommended: newestOf(region, stack) === stack,
  }
}
