import type { Environment } from './environment.ts'

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

/** How a name of the team's own has to lead to production, in words. */
export const howToFollow = (cname: string): string =>
  `Let it be a CNAME of ${cname} (in Route 53: an alias to the Beanstalk environment’s name)`
