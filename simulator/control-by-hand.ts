import { AwsError } from './cloud.ts'
import type { Ordered } from './control-names.ts'
import type { Simulator } from './simulator.ts'

/** `POST /_simulator/by-hand`: what a human in the console, or AWS itself, does now. */
export function orderByHand({ beanstalk }: Simulator, order: unknown): Ordered {
  const { do: what, environment, environments, ...bounds } = asObject(order)
  const { byHand } = beanstalk
  const id = idOf(beanstalk, environment)
  try {
    switch (what) {
      case 'swap': {
        const [one, other] = Array.isArray(environments)
          ? environments.map((name) => idOf(beanstalk, name))
          : []
        if (one === undefined || other === undefined)
          return { refused: 'A swap needs `environments`: the names or ids of two that exist' }
        byHand.swap(one, other)
        return { is: order }
      }
      case 'managed-update':
      case 'terminate':
      case 'abort':
      case 'crash':
        if (id === undefined) return { refused: noEnvironment(what) }
        if (what === 'managed-update') byHand.managedUpdate(id)
        else byHand[what](id)
        return { is: order }
      case 'set-group':
        if (id === undefined) return { refused: noEnvironment(what) }
        byHand.setGroup(id, numbersOf(bounds))
        return { is: order }
      default:
        return { refused: '`do` must be swap, managed-update, terminate, abort, crash or set-group' }
    }
  } catch (error) {
    if (error instanceof AwsError) return { refused: error.message }
    throw error
  }
}

const noEnvironment = (what: string) => `${what} needs \`environment\`: the name or id of one that exists`

function idOf(beanstalk: Simulator['beanstalk'], name: unknown): string | undefined {
  const living = beanstalk.state().environments.filter(({ status }) => status !== 'Terminated')
  return living.find((one) => one.name === name || one.id === name)?.id
}

function numbersOf(bounds: Readonly<Record<string, unknown>>) {
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
  return { min: number(bounds.min), max: number(bounds.max), desired: number(bounds.desired) }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
