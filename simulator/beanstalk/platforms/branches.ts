import { type PageInput, page } from '../page.ts'
import type { Region } from '../region.ts'
import { meets } from './filter.ts'
import { branchState, platformsOf, tiers } from './platform.ts'

/** `ListPlatformBranches`: a larger `BranchOrder` is a newer branch of its platform. [BC:elasticbeanstalk] */
export function listPlatformBranches(region: Region, input: ListInput) {
  const conditions = (input.Filters ?? []).map(({ Attribute, Operator, Values = [] }) => ({
    by: Attribute,
    operator: Operator,
    values: Values,
  }))
  const found = branchesOf(region).filter(({ branch, platform }) =>
    meets(
      { BranchName: [branch], LifecycleState: [branchState], PlatformName: [platform], TierType: tiers },
      conditions,
    ),
  )
  const { items, next } = page(found, input)
  return {
    PlatformBranchSummaryList: items.map(({ branch, platform, order }) => ({
      PlatformName: platform,
      BranchName: branch,
      LifecycleState: branchState,
      BranchOrder: order,
      SupportedTierList: tiers,
    })),
    ...next,
  }
}

interface ListInput extends PageInput {
  readonly Filters?: readonly {
    readonly Attribute?: string
    readonly Operator?: string
    readonly Values?: readonly string[]
  }[]
}

interface Branch {
  readonly branch: string
  readonly platform: string
  readonly order: number
}

function branchesOf(region: Region): readonly Branch[] {
  const platforms = new Map(platformsOf(region).map(({ branch, category }) => [branch, category]))
  return [...platforms].map(([branch, platform]) => ({
    branch,
    platform,
    // Tens between them, as room for what is released later.
    order: 10 * [...platforms].filter(([name, of]) => of === platform && name <= branch).length,
  }))
}
