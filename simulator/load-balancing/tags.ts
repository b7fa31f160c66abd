import { AwsError } from '../cloud.ts'
import { invalid, type Kind, notFound } from './errors.ts'
import type { Balancing } from './model.ts'

/** [BC:elbv2 Tag] */
export interface TagInput {
  readonly Key: string
  readonly Value?: string
}

/** `AddTags` [BC:elbv2] */
export function addTags(
  balancing: Balancing,
  { ResourceArns, Tags }: { readonly ResourceArns: readonly string[]; readonly Tags: readonly TagInput[] },
): Record<string, never> {
  requireAll(balancing, ResourceArns)
  const keys = Tags.map(({ Key }) => Key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined)
    throw new AwsError('DuplicateTagKeys', `Tag key was specified more than once: ${twice}`)
  for (const arn of ResourceArns) setTags(balancing, arn, Tags)
  return {}
}

/** `RemoveTags` [BC:elbv2] */
export function removeTags(
  balancing: Balancing,
  {
    ResourceArns,
    TagKeys,
  }: { readonly ResourceArns: readonly string[]; readonly TagKeys: readonly string[] },
): Record<string, never> {
  requireAll(balancing, ResourceArns)
  for (const arn of ResourceArns) for (const key of TagKeys) balancing.tags.get(arn)?.delete(key)
  return {}
}

/** `DescribeTags`: of at most 20 resources at a time. [BC:elbv2] */
export function describeTags(
  balancing: Balancing,
  { ResourceArns }: { readonly ResourceArns: readonly string[] },
) {
  requireAll(balancing, ResourceArns)
  return {
    TagDescriptions: ResourceArns.map((ResourceArn) => ({
      ResourceArn,
      Tags: [...(balancing.tags.get(ResourceArn) ?? [])].map(([Key, Value]) => ({ Key, Value })),
    })),
  }
}

/** Adds tags to what exists, or changes them. */
export function setTags({ tags }: Balancing, arn: string, add: readonly TagInput[]): void {
  const known = tags.get(arn) ?? new Map<string, string>()
  tags.set(arn, known)
  for (const { Key, Value = '' } of add) known.set(Key, Value)
  if (known.size > 50)
    throw new AwsError(
      'TooManyTags',
      'The quota for the number of tags that can be assigned has been reached',
    )
}

/** The sentence for more than 20 is assumed. */
function requireAll(balancing: Balancing, arns: readonly string[]): void {
  if (arns.length > 20) throw invalid('You can specify up to 20 resources in a single call')
  for (const arn of arns) {
    const kind = kindOf(arn)
    const { loadBalancers, targetGroups, listeners, rules } = balancing
    const known = {
      'load balancer': loadBalancers,
      'target group': targetGroups,
      listener: listeners,
      rule: rules,
    }
    if (!known[kind].has(arn)) throw notFound(kind, [arn])
  }
}

function kindOf(arn: string): Kind {
  const kind = /^arn:aws[\w-]*:elasticloadbalancing:[^:]*:[^:]*:([\w-]+)\//.exec(arn)?.[1] ?? ''
  switch (kind) {
    case 'loadbalancer':
      return 'load balancer'
    case 'targetgroup':
      return 'target group'
    case 'listener':
      return 'listener'
    case 'listener-rule':
      return 'rule'
    default:
      throw invalid(`'${arn}' is not a valid load balancer ARN`)
  }
}
