import type { BeanstalkState } from '../../simulator/beanstalk/state.ts'
import type { VirtualClock } from '../../simulator/clock.ts'
import type { DnsRecord } from '../../simulator/dns/names.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import { nameOf } from './history.ts'
import { gets, perCent, type Routing, type Standing, type Traffic, www } from './routing.ts'
import { existing } from './truth.ts'

/** What a call that stands for a command of the team's is named. */
export const trafficWrite = 'traffic write'

interface Surroundings {
  readonly aws: Simulator
  readonly clock: VirtualClock
  readonly random: () => number
}

/** Production is a name at a DNS provider outside of AWS, which two commands of the team's ask and tell. */
export function byCommand(
  { aws, clock, random }: Surroundings,
  { ttl, share }: Extract<Routing, { by: 'command' }>,
  { live }: Standing,
): Traffic {
  let weights: Readonly<Record<string, number>> = live ? { [nameOf[live]]: 100 } : {}
  const memberBy = (name: string, state: BeanstalkState) => existing(state).find((one) => one.name === name)
  const shares = (state: BeanstalkState) => sharesOf(weights, state)
  const usual = aws.names.resolve
  const drawn = (): readonly DnsRecord[] => {
    let left = random() * Object.values(weights).reduce((total, weight) => total + weight, 0)
    const [chosen] =
      Object.entries(weights).find(([, weight]) => {
        left -= weight
        return left < 0
      }) ?? []
    const endpoint = chosen === undefined ? undefined : memberBy(chosen, aws.beanstalk.state())?.endpoint
    if (endpoint === undefined) return []
    if (/^[\d.]+$/.test(endpoint)) return [{ name: www, type: 'A', ttl, data: endpoint }]
    return [{ name: www, type: 'CNAME', ttl, data: endpoint }, ...usual(endpoint)]
  }
  Object.assign(aws.names, {
    resolve: ((asked, type) => (asked === www ? drawn() : usual(asked, type))) as typeof usual,
  })
  // A provider's command line may fail, before or after what it was to do.
  const command: UserCommand = async ({ command: line, variables }) => {
    await clock.sleep(100 + 1_500 * random())
    const luck = random()
    const failed = { is: 'failed', says: 'exit status 1', printed: '', lastLine: 'status 503' } as const
    if (luck < share.fails) return failed
    const passed = { is: 'passed', says: 'exit status 0', printed: '', lastLine: '' } as const
    if (line !== trafficWrite) return { ...passed, printed: `${JSON.stringify(weights)}\n` }
    weights = weightsIn(variables)
    return luck < 2 * share.fails ? failed : passed
  }

  return {
    by: 'command',
    address: www,
    command,
    shares,
    led(state) {
      const now = shares(state)
      return Object.keys(now).filter((id) => gets(now, id))
    },
    followMs: ttl * 1_000,
    inputs: ({ 'production-cname': _, ...inputs }) => ({
      ...inputs,
      traffic: 'command',
      'read-traffic-command': 'traffic read',
      'write-traffic-command': trafficWrite,
      'production-url': `http://${www}/health`,
      'record-ttl': `${ttl}s`,
    }),
    exact: () => weights,
    move({ operation, input }, { state, exact }) {
      if (operation !== trafficWrite) return undefined
      const after = weightsIn(input as Readonly<Record<string, string>>)
      return { before: sharesOf(exact as typeof weights, state), after: sharesOf(after, state) }
    },
    isFoundHealthy: () => true,
    // Environments that are made anew have the names of those before: what has no weight names nobody in particular.
    left: () => [],
    async meddle(meddled, pair) {
      if (meddled.how !== 'weights') return
      const nameBy = (id: string | undefined) =>
        existing(aws.beanstalk.state()).find((one) => one.id === id)?.name
      const [own, other] = [nameBy(pair.live), nameBy(pair.other)]
      if (own !== undefined && other !== undefined)
        weights = { [own]: 100 - meddled.other, [other]: meddled.other }
    },
    tend() {},
  }

  function sharesOf(of: typeof weights, state: BeanstalkState) {
    return perCent(Object.entries(of).map(([name, weight]) => [memberBy(name, state)?.id ?? name, weight]))
  }
}

const weightsIn = (variables: Readonly<Record<string, string>>): Readonly<Record<string, number>> => ({
  [variables.BLUE_ENVIRONMENT ?? '']: Number(variables.BLUE_WEIGHT),
  [variables.GREEN_ENVIRONMENT ?? '']: Number(variables.GREEN_WEIGHT),
})
