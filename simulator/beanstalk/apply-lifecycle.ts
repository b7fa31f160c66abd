import { usersOf } from './in-use.ts'
import type { Application, Region, Version } from './region.ts'

const dayMs = 24 * 3_600_000
/** "deployed to environments that were terminated less than ten weeks before". [DG:applications-lifecycle] */
const mournedMs = 70 * dayMs
/** "deletes up to 100 versions each time the lifecycle policy is applied". [DG:applications-lifecycle] */
const mostAtOnce = 100

/**
 * Deletes what an application's lifecycle says, some seconds after a version was created. The new one neither goes nor
 * counts. [DG:applications-lifecycle] How many seconds is assumed.
 */
export function applyLifecycle(
  region: Region,
  { application, created }: { readonly application: Application; readonly created: Version },
): void {
  const { count, age } = application.lifecycle
  if (!count.enabled && !age.enabled) return
  const { clock, random } = region.cloud
  clock.at(clock.now() + 1_000 + random() * 2_000, () => {
    for (const { version, withSource } of doomed(region, application, created)) {
      application.versions.delete(version.label)
      if (withSource && version.source) region.buckets.remove(version.source.bucket, version.source.key)
    }
  })
}

interface Doomed {
  readonly version: Version
  readonly withSource: boolean
}

/** Oldest first. What is in use stays, and no younger one goes instead of it (assumed). */
function doomed(region: Region, application: Application, created: Version): readonly Doomed[] {
  const { count, age } = application.lifecycle
  const others = [...application.versions.values()].filter((version) => version !== created)
  const tooMany = count.enabled ? Math.max(0, others.length - count.most) : 0
  const since = region.cloud.clock.now() - age.most * dayMs
  const old = others.flatMap((version, position): Doomed[] => {
    const byCount = position < tooMany
    const byAge = age.enabled && version.createdAt < since
    if (!byCount && !byAge) return []
    return [{ version, withSource: (byCount && count.deleteSource) || (byAge && age.deleteSource) }]
  })
  return old.filter(({ version }) => !isKept(region, application, version)).slice(0, mostAtOnce)
}

function isKept(region: Region, application: Application, { label, status }: Version): boolean {
  const since = region.cloud.clock.now() - mournedMs
  const mourned = region.environments.some(
    ({ application: of, version, terminatedAt }) =>
      of === application.name && version === label && terminatedAt !== undefined && terminatedAt > since,
  )
  return mourned || status === 'PROCESSING' || usersOf(region, application, label).length > 0
}
