import { DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'

/** Tags by resource's ARN. */
export type TagsOf = ReadonlyMap<string, Readonly<Record<string, string>>>

/** Which environment something belongs to; Beanstalk tags what it makes. [DG:using-features.tagging] (D.3) */
export interface Owner {
  readonly id: string
  readonly name: string
}

const atOnce = 20

/** The tags of rules, listeners, load balancers and target groups, 20 a call. [BC:elbv2 DescribeTags] Throws as `reading`. */
export async function describeTags(clients: Clients, arns: readonly string[]): Promise<TagsOf> {
  const all = [...new Set(arns)]
  const calls = Array.from({ length: Math.ceil(all.length / atOnce) }, (_, at) =>
    all.slice(at * atOnce, (at + 1) * atOnce),
  )
  const found = await Promise.all(
    calls.map((ResourceArns) =>
      reading({ to: 'read the tags of target groups', action: 'elasticloadbalancing:DescribeTags' }, () =>
        clients.loadBalancing.send(new DescribeTagsCommand({ ResourceArns })),
      ),
    ),
  )
  return new Map(
    found.flatMap(({ TagDescriptions = [] }) =>
      TagDescriptions.map(({ ResourceArn = '', Tags = [] }) => [
        ResourceArn,
        Object.fromEntries(Tags.map(({ Key, Value = '' }) => [Key, Value])),
      ]),
    ),
  )
}

/** The environment that a resource was made for, as its tags say. */
export function ownerIn(tags: TagsOf, arn: string): Owner | undefined {
  const { 'elasticbeanstalk:environment-id': id, 'elasticbeanstalk:environment-name': name } =
    tags.get(arn) ?? {}
  return id === undefined && name === undefined ? undefined : { id: id ?? '', name: name ?? '' }
}
