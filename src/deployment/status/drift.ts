import { driftOf, isNone } from '../configuration/drift.ts'
import { byHand, compareByHand } from '../configuration/drift-remedies.ts'
import { type DriftReport, inWordsOf, rowsOf } from '../configuration/drift-report.ts'
import { treatmentOf } from '../configuration/treatment.ts'
import { asMeantFor, comparable } from '../own-target-group.ts'
import type { Obstacle } from '../pair-report.ts'
import type { Run } from '../run.ts'
import { seenIn } from './attempt.ts'
import type { Sight } from './look.ts'

/** How the other environment is configured otherwise than live, and what a deployment would do about it. */
export function driftSeen(run: Pick<Run, 'settings'>, sight: Sight): DriftReport | undefined {
  const found = driftIn(run, sight)
  if (!found) return undefined
  const { live, other, drift } = found
  const treatment = treatmentOf(run.settings, other)
  return { live: live.name, candidate: other.name, rows: rowsOf(drift), treatment }
}

/** The options that a deployment is refused for; another platform is an obstacle of its own. */
export function driftObstacles(run: Pick<Run, 'settings'>, sight: Sight): readonly Obstacle[] {
  const found = driftIn(run, sight)
  if (!found || treatmentOf(run.settings, found.other) !== 'fail' || found.drift.options.length === 0)
    return []
  const { live, other } = found
  const drift = { ...found.drift, platform: undefined }
  const rows = rowsOf(drift).map((row) => inWordsOf(row, { live: live.name, candidate: other.name }))
  const [mend = compareByHand(run.settings.application, live, other)] = byHand({
    live,
    candidate: other,
    drift,
  })
  return [
    {
      what: `${other.name} is configured otherwise than ${live.name}: ${rows.join(', ')}. A deployment is refused (\`configuration\`).`,
      mend: {
        why: `Say \`configuration: sync\` (it gets what ${live.name} has, together with the version) or \`configuration: keep\`. ${mend.why}`,
        command: mend.command,
      },
    },
  ]
}

function driftIn({ settings }: Pick<Run, 'settings'>, { live, other, options, otherOptions }: Sight) {
  const [here, there] = [seenIn(options), seenIn(otherOptions)]
  // A worker has a configuration of its own kind, and is refused anyway.
  if (!live || !other || !here || !there || live.tier !== other.tier) return undefined
  const between = { from: live.name, to: other.name }
  const sides = [
    { environment: live, options: asMeantFor(settings, here, between) },
    { environment: other, options: comparable(there) },
  ] as const
  const drift = driftOf(...sides, settings.optionSettings)
  return isNone(drift) ? undefined : { live, other, drift }
}
