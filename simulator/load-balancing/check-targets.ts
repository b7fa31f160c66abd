import type { Balancing, Target, TargetGroup } from './model.ts'
import { targetsOf, unchecked } from './targets.ts'
import { isInUse } from './uses.ts'

/** Checks the targets of a group of the user's for as long as a rule names it. [ALB:target-group-health-checks] */
export function keepChecking(balancing: Balancing, group: TargetGroup): void {
  if (group.checked || group.own || !group.check.enabled || !isInUse(balancing, group)) return
  group.checked = true
  const { clock } = balancing.cloud
  const again = () =>
    clock.at(clock.now() + group.check.interval * 1_000, () => {
      const goesOn = balancing.targetGroups.has(group.arn) && isInUse(balancing, group) && group.check.enabled
      if (goesOn) return void checkAll(balancing, group).then(again)
      group.checked = false
      for (const target of group.targets.values()) Object.assign(target, unchecked)
    })
  again()
}

async function checkAll(balancing: Balancing, group: TargetGroup): Promise<void> {
  await Promise.all(
    targetsOf(balancing, group)
      .filter(({ drainsUntil }) => drainsUntil === undefined)
      .map((target) => check(balancing, group, target)),
  )
}

/** The first success of a new target is enough; after that it takes as many in a row as the thresholds say. */
async function check({ dataPlane }: Balancing, group: TargetGroup, target: Target): Promise<void> {
  const { path, matcher, healthyThreshold, unhealthyThreshold } = group.check
  const status = group.port === 80 ? await dataPlane.check(target.id, path) : undefined
  target.status = status ?? 'nothing'
  if (status !== undefined && isExpected(matcher, status)) {
    target.passed += 1
    target.failed = 0
    if (target.state === 'initial' || target.passed >= healthyThreshold) target.state = 'healthy'
    return
  }
  target.failed += 1
  target.passed = 0
  if (target.failed >= unhealthyThreshold) target.state = 'unhealthy'
}

/** Codes such as `200`, `200,202` or `200-299`. [BC:elbv2 Matcher] */
const isExpected = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [from = 200, to = from] = part.split('-').map(Number)
    return status >= from && status <= to
  })
