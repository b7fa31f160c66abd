import { platformFlag } from '../configuration/drift-remedies.ts'
import { treatmentOf } from '../configuration/treatment.ts'
import { type Environment, isEnding, isReady } from '../environment.ts'
import { managedUpdates } from '../managed-updates.ts'
import type { Obstacle } from '../pair-report.ts'
import { whereItLeads } from '../remedies.ts'
import type { Run } from '../run.ts'
import { sameTargetGroup } from '../same-target-group.ts'
import { howToFollow, staysThere, straightTo } from '../straight.ts'
import { type Side, sideOf, whatStays, whatStops } from '../what-stops.ts'
import { seenIn } from './attempt.ts'
import { driftObstacles } from './drift.ts'
import type { Sight } from './look.ts'
import { obstaclesInOptions } from './option-obstacles.ts'
import { obstaclesToPair, refused } from './pair-obstacles.ts'
import { witnessesIn } from './witnesses.ts'

/** What stands in the way of a blue/green deployment of this pair now, each with its mend. */
export function obstaclesIn(run: Run, sight: Sight): readonly Obstacle[] {
  const members = seenIn(sight.members) ?? []
  const options = seenIn(sight.options)
  const environment = sight.live ?? members[0]
  return [
    ...obstaclesToPair(run, sight),
    ...entryPath(sight),
    ...stops(run, sight),
    ...members.flatMap(busy),
    ...platforms(run, sight),
    ...driftObstacles(run, sight),
    ...inLivesPlace(run, sight),
    ...(seenIn(sight.route)?.obstacles ?? []),
    ...(environment && options
      ? obstaclesInOptions({
          environment,
          other: sight.other,
          options,
          productionUrl: run.settings.productionUrl,
          moves: sight.router.moves,
        })
      : []),
  ]
}

/** Names that lead to a load balancer directly do not follow a swap. */
function entryPath(sight: Sight): readonly Obstacle[] {
  const { live, other, entry, cname, router } = sight
  const name = seenIn(cname)?.name
  const obstacles: Obstacle[] = []
  const direct = straightTo(entry?.alias, [live, other])
  // Beanstalk's own names are CNAMEs of the load balancer, and it is Beanstalk that changes them.
  if (entry && direct && entry.host !== name)
    obstacles.push({
      what: `\`${entry.host}\` is a CNAME of \`${entry.alias}\`, the load balancer of ${direct.name} itself: it ${staysThere(router)}, and users stay where they are.`,
      mend: {
        why: `${howToFollow(`\`${name}\``, router)}. What it is now:`,
        command: whereItLeads(entry.host),
      },
    })
  const against = witnessesIn(sight).filter((witness) => witness.is === 'against')
  if (against.length > 0 && obstacles.length === 0)
    obstacles.push({
      what: `The witnesses disagree about who is live: ${against.map(({ says }) => says).join(' ')} A deployment is refused while they do.`,
      mend: {
        why:
          router.moves === 'whole'
            ? 'Just after a swap these are old DNS answers: look again in two minutes. Else find the name, CDN or client that points straight at that environment’s load balancer, and let it point at the production CNAME.'
            : `Just after a change these are old DNS answers: look again when they have expired. Else somebody shifts production by hand, or a name, CDN or client leads straight to one of the two: let all of it come by \`${name}\`, and go to the one that is well.`,
        ...(entry && { command: whereItLeads(entry.host) }),
      },
    })
  return obstacles
}

/** In a plan's own words. */
function stops(run: Run, sight: Sight): readonly Obstacle[] {
  const sides = sidesIn(sight)
  const found = [
    ...whatStops(sides),
    ...(sight.router.moves === 'whole' ? whatStays(sides) : []),
    managedUpdates(run, { operation: 'deploy', sides, now: sight.now }),
  ]
  return found.flatMap((one) => (one ? [{ ...one, what: refused(one.what) }] : []))
}

/** A tier is known without option settings. */
function sidesIn({ members, live, options, otherOptions }: Sight): readonly Side[] {
  const found = seenIn(members) ?? []
  const subject = live ?? found[0]
  return found.map((one) =>
    one.id === subject?.id ? sideOf(one, seenIn(options), live && 'live') : sideOf(one, seenIn(otherOptions)),
  )
}

function inLivesPlace({ settings }: Run, { live, other, options, otherOptions }: Sight): readonly Obstacle[] {
  const [here, there] = [seenIn(options), seenIn(otherOptions)]
  if (!live || !other || !here) return []
  return sameTargetGroup({
    live: { name: live.name, options: here },
    other: { name: other.name, options: there },
    wanted: settings.optionSettings,
  }).map((one) => ({ ...one, what: refused(one.what) }))
}

const busy = (member: Environment): readonly Obstacle[] =>
  isReady(member)
    ? []
    : [
        {
          what: isEnding(member)
            ? `${member.name} is ${member.status}: a deployment waits until it is gone, and creates a new one.`
            : `${member.name} is ${member.status}: nothing can be deployed there and no traffic moved until it is Ready.`,
          mend: {
            why: 'Wait; see what it does:',
            command: `aws elasticbeanstalk describe-events --environment-id ${member.id} --max-records 10`,
          },
        },
      ]

function platforms({ settings }: Run, { live, other }: Sight): readonly Obstacle[] {
  if (!live?.platform || !other?.platform || live.platform === other.platform) return []
  return [
    {
      what: `The two environments have different platforms: ${live.name} \`${live.platform}\`, ${other.name} \`${other.platform}\`. What was proven on one says less about the other.${treatmentOf(settings, other) === 'fail' ? ' A deployment is refused (`configuration`).' : ''}`,
      mend: {
        why: 'Bring the one without traffic to the platform of the live one (or to a newer one, before the next deployment is tested there):',
        command: `aws elasticbeanstalk update-environment --environment-id ${other.id} ${platformFlag(live.platform)}`,
      },
    },
  ]
}
