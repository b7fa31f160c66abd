import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import type { DataPlane } from '../../simulator/data-plane/data-plane.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { createSimulator, type Simulator } from '../../simulator/simulator.ts'
import { seeded } from './dice.ts'
import { application, type Colour, type History, type Manner, nameOf, secrets, versions } from './history.ts'

/** A local AWS as the history's start wants it. */
export interface Account {
  readonly clock: VirtualClock
  readonly aws: Simulator
  readonly dataPlane: DataPlane
}

/** Builds it; ghosts and the age of the versions take some simulated time. */
export async function openAccount({ seed, switches, start, apps }: History): Promise<Account> {
  const clock = virtualClock()
  const behaviours = new Map(Object.entries(apps).map(([label, manner]) => [label, behaviourOf(manner)]))
  const dataPlane = createModelledApps(clock, behaviours)
  const aws = createSimulator({ clock, dataPlane, random: seeded(seed + 77), switches })
  const { given } = aws.beanstalk
  given.application(application)
  for (const label of versions) {
    given.version(application, label)
    await clock.runUntil(clock.now() + 1_000)
  }
  if (start.foreign) {
    given.application('forum')
    given.version('forum', '1.0.0')
    await given.environment({ application: 'forum', name: 'forum-blue', version: '1.0.0' })
  }
  await leaveGhosts({ clock, aws, dataPlane }, start.ghosts)
  for (const colour of ['blue', 'green'] as const) {
    const member = start.members[colour]
    if (!member) continue
    await given.environment({
      application,
      name: nameOf[colour],
      version: member.version,
      ...(start.live === colour && { cnamePrefix: start.prefix }),
      minSize: member.min,
      maxSize: member.max,
      instances: member.instances,
      policy: start.policy,
      healthReporting: start.healthReporting,
      single: start.single,
      options: {
        'aws:elasticbeanstalk:application:environment/DB_PASSWORD': secrets[0],
        'aws:elasticbeanstalk:environment:process:default/HealthCheckPath': '/health',
      },
    })
  }
  await clock.runUntil(clock.now() + 60_000)
  return { clock, aws, dataPlane }
}

/** Terminated namesakes, and what AWS still shows of them. */
async function leaveGhosts({ clock, aws }: Account, ghosts: readonly Colour[]): Promise<void> {
  const { beanstalk } = aws
  for (const colour of ghosts) {
    await beanstalk.given.environment({ application, name: nameOf[colour], version: '1.0.0' })
    const { id } = beanstalk.state().environments.at(-1) ?? { id: '' }
    beanstalk.byHand.terminate(id)
    await clock.runUntil(clock.now() + 20 * 60_000)
  }
}

function behaviourOf(manner: Manner): AppBehaviour {
  switch (manner) {
    case 'good':
    case 'fails its tests':
      return {}
    case 'fails under traffic':
      return { failsAfterRequests: 12 }
    case 'fails under traffic, health too':
      return { failsAfterRequests: 12, failsHealthToo: true }
    case 'never starts':
      return { starts: false }
    case 'breaks after a while':
      return { failsAfterMs: 200_000 }
    case 'breaks after a while, health too':
      return { failsAfterMs: 200_000, failsHealthToo: true }
    case 'red from the start':
      return { failsPath: { '/health': 503 } }
  }
}
