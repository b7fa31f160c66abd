import type { Environment } from '../../src/deployment/environment.ts'
import type { Clock } from '../../src/deployment/ports.ts'
import { commandRouter } from '../../src/system/command-router.ts'
import type { Ran, UserCommand } from '../../src/system/user-command.ts'

/** What a command is called with, as a test looks at it. */
export type Called = Parameters<UserCommand>[0]

const environment = (name: string, id: string): Environment =>
  ({ name, id, endpoint: `${name}.elb.example`, cname: `${name}.eb.example` }) as Environment

/** Two environments, a provider that keeps weights by name, and the router that moves it by commands. */
export function trafficWorld(
  weights: Record<string, number> = { 'shop-blue': 100, 'shop-green': 0 },
  members = [environment('shop-blue', 'e-blue'), environment('shop-green', 'e-green')],
) {
  const calls: Called[] = []
  const waited: number[] = []
  const clock: Clock = {
    now: () => waited.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms) => void waited.push(ms),
  }
  const provider = {
    weights,
    /** Instead of what a provider does; undefined: as usual. */
    instead: (_order: Called): Partial<Ran> | undefined => undefined,
  }
  const run: UserCommand = async (order) => {
    calls.push(order)
    const other = provider.instead(order)
    if (other) return { is: 'passed', says: 'exit status 0', printed: '', lastLine: '', ...other }
    if (order.command === 'write') provider.weights = written(order.variables)
    return { is: 'passed', says: 'exit status 0', printed: JSON.stringify(provider.weights), lastLine: '' }
  }
  const signal = new AbortController().signal
  const router = (ids: readonly string[] = ['e-blue', 'e-green']) =>
    commandRouter({
      run,
      read: 'read',
      write: 'write',
      shell: 'bash',
      beanstalk: {
        find: async (names) => members.filter(({ name }) => names.includes(name)),
        read: async (wanted) => members.filter(({ id }) => wanted.includes(id)),
      },
      pair: { ids, productionName: 'www.shop.example' },
      names: ['shop-blue', 'shop-green'],
      ttl: 60_000,
      clock,
      signal,
      quote: (text) => text.slice(0, 200),
    })
  const writes = () => calls.filter(({ command }) => command === 'write')
  return { router, provider, calls, writes, waited, members }
}

const written = (variables: Readonly<Record<string, string>>) => ({
  [`${variables.BLUE_ENVIRONMENT}`]: Number(variables.BLUE_WEIGHT),
  [`${variables.GREEN_ENVIRONMENT}`]: Number(variables.GREEN_WEIGHT),
})
