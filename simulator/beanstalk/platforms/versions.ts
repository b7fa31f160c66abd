import { invalid, missing } from '../errors.ts'
import { type PageInput, page } from '../page.ts'
import type { Region } from '../region.ts'
import { type Attributes, meets } from './filter.ts'
import { addons, awsOwner, branchState, type Platform, platformsOf, tiers } from './platform.ts'

/** `ListPlatformVersions`. [BC:elasticbeanstalk] */
export function listPlatformVersions(region: Region, input: ListInput) {
  const conditions = (input.Filters ?? []).map(({ Type, Operator, Values = [] }) => ({
    by: Type,
    operator: Operator,
    values: Values,
  }))
  const found = platformsOf(region).filter((platform) => meets(attributesOf(platform), conditions))
  const { items, next } = page(found, input)
  return { PlatformSummaryList: items.map(summaryOf), ...next }
}

/** `DescribePlatformVersion`. [BC:elasticbeanstalk] [CLI:tests/unit/objects/test_platform.py] */
export function describePlatformVersion(region: Region, { PlatformArn }: { PlatformArn?: string }) {
  if (PlatformArn === undefined) throw missing('PlatformArn')
  const platform = platformsOf(region).find(({ arn }) => arn === PlatformArn)
  if (!platform) throw invalid(`No Platform named '${PlatformArn}' found.`)
  const { stack, branch, category, language, systemName } = platform
  const released = new Date(Date.UTC(2025, 5, 1))
  return {
    PlatformDescription: {
      ...summaryOf(platform),
      PlatformName: branch,
      SolutionStackName: stack,
      DateCreated: released,
      DateUpdated: released,
      Description: `64bit ${systemName} running ${category}`,
      Maintainer: 'aws-elasticbeanstalk-platforms@amazon.com',
      ProgrammingLanguages: [{ Name: category, Version: language.slice(category.length + 1) }],
      Frameworks: [],
      CustomAmiList: [{ VirtualizationType: 'hvm', ImageId: 'ami-0a1b2c3d4e5f60718' }],
    },
  }
}

interface ListInput extends PageInput {
  readonly Filters?: readonly {
    readonly Type?: string
    readonly Operator?: string
    readonly Values?: readonly string[]
  }[]
}

/** [BC:elasticbeanstalk PlatformFilter.Type] */
function attributesOf(platform: Platform): Attributes {
  return {
    PlatformName: [platform.branch],
    PlatformVersion: [platform.version],
    PlatformStatus: ['Ready'],
    PlatformBranchName: [platform.branch],
    PlatformLifecycleState: platform.recommended ? ['Recommended'] : [],
    PlatformOwner: [awsOwner],
    SupportedTier: tiers,
    SupportedAddon: addons,
    ProgrammingLanguageName: [platform.category],
    OperatingSystemName: [platform.systemName],
  }
}

function summaryOf(platform: Platform) {
  return {
    PlatformArn: platform.arn,
    PlatformOwner: awsOwner,
    PlatformStatus: 'Ready',
    PlatformCategory: platform.category,
    OperatingSystemName: platform.systemName,
    OperatingSystemVersion: platform.systemVersion,
    SupportedTierList: tiers,
    SupportedAddonList: addons,
    ...(platform.recommended && { PlatformLifecycleState: 'Recommended' }),
    PlatformVersion: platform.version,
    PlatformBranchName: platform.branch,
    PlatformBranchLifecycleState: branchState,
  }
}
