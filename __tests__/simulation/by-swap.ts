import type { Simulator } from '../../simulator/simulator.ts'
import type { Traffic } from './routing.ts'
import { holderIn } from './truth.ts'

/** Production is Beanstalk's own name, and goes where its CNAME stands. */
export function bySwap(aws: Simulator, production: string): Traffic {
  const shares: Traffic['shares'] = (state) => {
    const holder = holderIn(state, production)
    return holder ? { [holder.id]: 100 } : {}
  }
  return {
    by: 'cname-swap',
    address: production,
    inputs: (inputs) => inputs,
    shares,
    led: (state) => Object.keys(shares(state)),
    followMs: 0,
    exact: () => undefined,
    move({ operation, input }, { holder }) {
      if (operation !== 'SwapEnvironmentCNAMEs') return undefined
      const { SourceEnvironmentId = '', DestinationEnvironmentId = '' } = input as Record<string, string>
      // The name goes both ways: what matters is who has production now.
      const to = holder === DestinationEnvironmentId ? SourceEnvironmentId : DestinationEnvironmentId
      return { before: holder === undefined ? {} : { [holder]: 100 }, after: { [to]: 100 } }
    },
    isFoundHealthy: () => true,
    left: () => [],
    async meddle(_, { live, other }) {
      if (other !== undefined) aws.beanstalk.byHand.swap(live, other)
    },
    tend() {},
  }
}
