import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling'
import { DescribeEnvironmentResourcesCommand } from '@aws-sdk/client-elastic-beanstalk'
import type { Capacity, Group } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { isRefusedAs, reading, writingOnce } from './errors.ts'
import { once } from './once.ts'

/** Auto Scaling, directly. Group names are remembered: they stay while an environment is not rebuilt. */
export function createCapacity({ clients }: { readonly clients: Clients }): Capacity {
  const groups = new Map<string, string>()
  return {
    async read(environment) {
      const known = groups.get(environment)
      const remembered = known === undefined ? undefined : await readGroup(clients, known)
      if (remembered) return remembered
      const name = await groupOf(clients, environment)
      if (name === undefined || name === known) return undefined
      groups.set(environment, name)
      return readGroup(clients, name)
    },
    readGroup: (name) => readGroup(clients, name),
    async resize(name, { min, max, desired }) {
      const size = {
        ...(min === undefined ? {} : { MinSize: min }),
        ...(max === undefined ? {} : { MaxSize: max }),
        ...(desired === undefined ? {} : { DesiredCapacity: desired }),
      }
      const asked = { to: `resize ${name}`, action: 'autoscaling:UpdateAutoScalingGroup' }
      const command = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...size })
      await writingOnce(clients, asked, () => clients.autoScaling.send(once(command)))
    },
  }
}

/** The name of an environment’s Auto Scaling group; undefined when it has none. Throws as `reading`. */
export async function groupOf(clients: Clients, id: string): Promise<string | undefined> {
  try {
    const { EnvironmentResources } = await reading(
      { to: `list the resources of ${id}`, action: 'elasticbeanstalk:DescribeEnvironmentResources' },
      () => clients.beanstalk.send(new DescribeEnvironmentResourcesCommand({ EnvironmentId: id })),
    )
    const names = (EnvironmentResources?.AutoScalingGroups ?? []).flatMap(({ Name }) => Name ?? [])
    // An immutable update lists its temporary group too. (A.9)
    return names.find((name) => !name.includes('-immutable-')) ?? names[0]
  } catch (thrown) {
    if (isRefusedAs(thrown, /No Environment found/)) return undefined
    throw thrown
  }
}

async function readGroup(clients: Clients, name: string): Promise<Group | undefined> {
  const { AutoScalingGroups = [] } = await reading(
    { to: `describe Auto Scaling group ${name}`, action: 'autoscaling:DescribeAutoScalingGroups' },
    () => clients.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
  )
  return AutoScalingGroups[0] && toGroup(name, AutoScalingGroups[0])
}

const toGroup = (name: string, from: AutoScalingGroup): Group => ({
  name,
  min: from.MinSize ?? 0,
  max: from.MaxSize ?? 0,
  desired: from.DesiredCapacity ?? 0,
  inService: (from.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length,
})
