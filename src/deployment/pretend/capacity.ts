import type { Capacity, Group } from '../ports.ts'
import { becoming, current, type Pretence, takes } from './pretence.ts'

/** Auto Scaling in the good case: what is asked for comes into service. */
export function pretendCapacity(real: Capacity, pretence: Pretence): Capacity {
  const { clock, groups, groupOf, plan } = pretence

  const meet = (found: Group | undefined): Group | undefined => {
    if (!found) return undefined
    const known = groups.get(found.name)
    if (known) return current(known, clock.now())
    groups.set(found.name, launching(found, pretence))
    return found
  }

  const readGroup: Capacity['readGroup'] = async (name) => {
    const known = groups.get(name)
    return known ? current(known, clock.now()) : meet(await clock.ask(() => real.readGroup(name)))
  }

  return {
    readGroup,
    async read(environment) {
      if (!groupOf.has(environment)) {
        const found = await clock.ask(() => real.read(environment))
        groupOf.set(environment, found?.name)
        return meet(found)
      }
      const name = groupOf.get(environment)
      return name === undefined ? undefined : readGroup(name)
    },
    async resize(name, size) {
      plan.change(
        `call UpdateAutoScalingGroup: ${[`AutoScalingGroupName=${name}`, ...inWords(size)].join(', ')}`,
      )
      const now = await readGroup(name)
      if (!now) return
      const { min, max, desired } = { ...now, ...size }
      const wanted = Math.min(max, Math.max(min, desired))
      groups.set(name, launching({ ...now, min, max, desired: wanted }, pretence))
    },
  }
}

/** Instances take their time to come, and go at once. */
const launching = (group: Group, { clock }: Pretence) =>
  becoming(
    { ...group, inService: Math.min(group.inService, group.desired) },
    { ...group, inService: group.desired },
    clock.now(),
    takes.launch,
  )

const inWords = ({ min, max, desired }: Parameters<Capacity['resize']>[1]): readonly string[] =>
  [['MinSize', min] as const, ['MaxSize', max] as const, ['DesiredCapacity', desired] as const].flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${value}`]),
  )
