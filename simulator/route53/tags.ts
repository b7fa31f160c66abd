import type { Call, Operation } from '../cloud.ts'
import { findZone } from './errors.ts'
import { noSuchHealthCheck } from './health-check-operations.ts'
import type { HealthChecks } from './health-checks.ts'
import { who } from './who.ts'
import type { Route53State } from './zone-state.ts'

/** Tags of hosted zones and health checks. [BC:route53] */
export function tagOperations(
  state: Route53State,
  checks: HealthChecks,
): Readonly<Record<string, Operation>> {
  const tagsOf = ({ ResourceType, ResourceId }: Resource, call: Call): Map<string, string> => {
    const caller = who(state.cloud, call)
    if (ResourceType === 'hostedzone') return findZone(state, ResourceId, caller).tags
    const check = checks.all.get(ResourceId)
    if (!check || check.account !== caller.account) throw noSuchHealthCheck(ResourceId)
    return check.tags
  }
  return {
    ChangeTagsForResource({ AddTags = [], RemoveTagKeys = [], ...resource }: ChangeTags, call) {
      const tags = tagsOf(resource, call)
      for (const key of RemoveTagKeys) tags.delete(key)
      for (const { Key = '', Value = '' } of AddTags) tags.set(Key, Value)
    },
    ListTagsForResource: (resource: Resource, call) => ({
      ResourceTagSet: {
        ...resource,
        Tags: [...tagsOf(resource, call)].map(([Key, Value]) => ({ Key, Value })),
      },
    }),
  }
}

interface Resource {
  readonly ResourceType: 'hostedzone' | 'healthcheck'
  readonly ResourceId: string
}

interface ChangeTags extends Resource {
  readonly AddTags?: readonly { readonly Key?: string; readonly Value?: string }[]
  readonly RemoveTagKeys?: readonly string[]
}
