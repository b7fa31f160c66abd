import { keyOf } from './configuration/same-option.ts'
import { targetGroupsIn } from './own-target-group.ts'
import type { Obstacle } from './pair-report.ts'
import type { OptionSetting } from './ports.ts'

/** Live, and what is to be deployed to, with their options; undefined while it does not exist. */
export interface BesideLive {
  readonly live: { readonly name: string; readonly options: readonly OptionSetting[] }
  readonly other: { readonly name: string; readonly options: readonly OptionSetting[] | undefined }
  /** What the inputs set there. */
  readonly wanted: readonly OptionSetting[]
}

/**
 * A candidate whose bundle would attach it to the target group that live is in: what is only being proven would get
 * production's requests, whatever moves the traffic.
 */
export function sameTargetGroup({ live, other, wanted }: BesideLive): readonly Obstacle[] {
  const set = new Set(wanted.map(keyOf))
  const kept = (other.options ?? []).filter((option) => !set.has(keyOf(option)))
  const ofLive = new Set(targetGroupsIn(live.options))
  const same = targetGroupsIn([...kept, ...wanted]).find((group) => ofLive.has(group))
  if (same === undefined) return []
  const isByInput = targetGroupsIn(wanted).includes(same)
  return [
    {
      what: `${other.name} has the target group of ${live.name}, which is live, in its options (${same}): with a bundle that attaches its instances there, they get production’s requests before anything is proven.`,
      mend: isByInput
        ? { why: `\`option-settings\` names it. Give ${other.name} a target group of its own there.` }
        : {
            why: `Give ${other.name} a target group of its own (for pull requests one that no rule names, by \`option-settings\`; or end ${other.name}, and let it be created anew):`,
            command: `aws elasticbeanstalk update-environment --environment-name ${other.name} --option-settings Namespace=aws:elasticbeanstalk:customoption,OptionName=TargetGroupArn,Value=ARN-OF-ITS-OWN-TARGET-GROUP`,
          },
    },
  ]
}
