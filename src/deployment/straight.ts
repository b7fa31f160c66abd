import type { Environment } from './environment.ts'
import type { TrafficRouter } from './ports.ts'

/** The member whose own load balancer a host name is a CNAME of: such a name does not follow a swap. */
export const straightTo = (
  alias: string | undefined,
  members: readonly (Environment | undefined)[],
): Environment | undefined =>
  members.find((member) => alias !== undefined && isSameName(member?.endpoint, alias))

/** Route 53 and resolvers write load balancers’ names in any case, with `dualstack.` in front and a dot at the end. */
const isSameName = (one: string | undefined, other: string): boolean =>
  one !== undefined && bare(one) === bare(other)

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^dualstack\./, '')
    .replace(/\.$/, '')

type How = Pick<TrafficRouter, 'moves'>

/** What a name that leads straight to one environment does, after “it”. */
export const staysThere = ({ moves }: How): string =>
  moves === 'whole' ? 'does not follow a swap' : 'does not follow when production moves'

/** How a name of the team's own has to lead to production, in words. */
export const howToFollow = (productionName: string, { moves }: How): string =>
  moves === 'whole'
    ? `Let it be a CNAME of ${productionName} (in Route 53: an alias to the Beanstalk environment’s name)`
    : `Let it lead to where ${productionName} leads`
