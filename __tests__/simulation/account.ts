import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import type { DataPlane } from '../../simulator/data-plane/data-plane.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { createSimulator, type Simulator } from '../../simulator/simulator.ts'
import { byCommand } from './by-command.ts'
import { byRecords } from './by-records.ts'
import { byRules } from './by-rules.ts'
import { bySwap } from './by-swap.ts'
import { seeded } from './dice.ts'
import { application, type Colour, type History, type Manner, nameOf, secrets, versions } from './history.ts'
import type { Standing, Traffic } from './routing.ts'
import { productionName } from './truth.ts'

/** A local AWS as the history's start wants it. */
export interface Account {
  readonly clock: VirtualClock
  readonly aws: Simulator
  readonly dataPlane: DataPlane
  readonly traffic: Traffic
}

/** Builds it; ghosts and the age of the versions take some simulated time. */
export async function openAccount(history: History): Promise<Account> {
  const { seed, switches, start, apps, routing } = history
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
  await leaveGhosts({ clock, aws }, start.ghosts)
  const frontEnd =
    routing.by === 'load-balancer'
      ? await given.loadBalancer('front-end')
      : { arn: '', listener: '', dnsName: '' }
  const isShared = routing.by === 'load-balancer' && routing.groups === 'shared'
  const ids: Partial<Record<Colour, string>> = {}
  for (const colour of ['blue', 'green'] as const) {
    const member = start.members[colour]
    if (!member) continue
    const { id } = await given.environment({
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
        ...(isShared && {
          'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
          'aws:elbv2:loadbalancer/SharedLoadBalancer': frontEnd.arn,
        }),
      },
    })
    ids[colour] = id
  }
  const standing: Standing = { live: start.live, ids }
  const traffic = await open()
  await clock.runUntil(clock.now() + 60_000)
  return { clock, aws, dataPlane, traffic }

  async function open(): Promise<Traffic> {
    switch (routing.by) {
      case 'cname-swap':
        return bySwap(aws, productionName(start.prefix))
      case 'route53':
        return byRecords(aws, routing, standing)
      case 'load-balancer':
        return byRules({ aws, clock, frontEnd }, routing, standing)
      case 'command':
        return byCommand({ aws, clock, random: seeded(seed + 99) }, routing, standing)
    }
  }
}

/** Terminated namesakes, and what AWS still shows of them. */
async function leaveGhosts(
  { clock, aws }: Pick<Account, 'clock' | 'aws'>,
  ghosts: readonly Colour[],
): Promise<void> {
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
