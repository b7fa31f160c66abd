import { Failure } from '../../deployment/errors.ts'
import { beanstalksOwn, otherWays } from './refused.ts'
import { ownerIn, type TagsOf } from './tags.ts'

/** Throws Failure for what Beanstalk edits itself, or ends with one environment: it must not route both. (D.3) */
export function refuseOwned(
  rules: readonly string[],
  { balancers, tags }: { readonly balancers: readonly string[]; readonly tags: TagsOf },
): void {
  for (const arn of balancers) {
    const owner = ownerIn(tags, arn)
    if (owner)
      throw new Failure(
        `${arn} is ${owner.name}’s own load balancer: no other environment’s target group can be on it, and it ends with ${owner.name}.`,
        otherWays,
      )
  }
  for (const arn of rules) {
    const owner = ownerIn(tags, arn)
    if (owner) throw beanstalksOwn(arn, `its tags name the environment ${owner.name}`)
  }
}
