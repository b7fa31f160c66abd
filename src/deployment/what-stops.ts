import { valueIn } from './configured.ts'
import type { Environment } from './environment.ts'
import type { Obstacle } from './pair-report.ts'
import type { OptionSetting } from './ports.ts'

/** A member of a pair with its option settings. Values may be secrets. */
export interface Side {
  readonly environment: Environment
  readonly isLive: boolean
  readonly options: readonly OptionSetting[]
}

/** An environment with what was read of its option settings. */
export const sideOf = (
  environment: Environment,
  options: readonly OptionSetting[] = [],
  role?: 'live',
): Side => ({ environment, isLive: role === 'live', options })

/** What no environment of a pair may be; a deployment is refused for it, and `status` tells it in the same words. */
export const whatStops = (sides: readonly Side[]): readonly Obstacle[] =>
  sides.flatMap((side) => [...worker(side), ...database(side)])

const worker = ({ environment: { name, tier } }: Side): readonly Obstacle[] =>
  tier !== 'Worker'
    ? []
    : [
        {
          what: `${name} is a worker environment: it has no address that traffic could be moved to.`,
          mend: {
            why: 'Deploy workers in place, after the web tier is promoted and by a step of their own, with messages that both versions understand.',
          },
        },
      ]

/** [DG:using-features.managing.db] */
function database({ environment, isLive, options }: Side): readonly Obstacle[] {
  const namespace = 'aws:rds:dbinstance'
  if (valueIn(options, { namespace, name: 'HasCoupledDatabase' }) !== 'true') return []
  const { id, name } = environment
  const what = isLive
    ? 'a second environment would get an empty one of its own, and ending the first would take the data along.'
    : 'after the switch users would be on that one and miss what is in the other, and ending the environment would take its data along.'
  return [
    {
      what: `${name} has a database inside it: ${what}`,
      mend: {
        why: 'Decouple it at a quiet hour: first let it be retained, then set HasCoupledDatabase to false in a second update, and let the application find the database by environment properties. The first update:',
        command: `aws elasticbeanstalk update-environment --environment-id ${id} --option-settings Namespace=${namespace},OptionName=DBDeletionPolicy,Value=Retain`,
      },
    },
  ]
}

/**
 * What does not follow a swap. Beanstalk's own rule of a shared load balancer, for the environment's CNAME, does; a rule for
 * another host or path goes on sending to the environment that it was made with. (A.11) [DG:environments-cfg-alb-shared]
 */
export const whatStays = (sides: readonly Side[]): readonly Obstacle[] =>
  sides.flatMap((side) => rulesOfItsOwn(side, sides))

function rulesOfItsOwn({ environment, options }: Side, sides: readonly Side[]): readonly Obstacle[] {
  const shared = { namespace: 'aws:elasticbeanstalk:environment', name: 'LoadBalancerIsShared' }
  if (valueIn(options, shared) !== 'true') return []
  const followed = new Set(['', '*', '/*', ...sides.map((side) => side.environment.cname)])
  const rules = options
    .filter(({ namespace }) => namespace.startsWith('aws:elbv2:listenerrule:'))
    .filter(({ name }) => name === 'HostHeaders' || name === 'PathPatterns')
    .filter(({ value }) => value.split(',').some((one) => !followed.has(one.trim().toLowerCase())))
    .map(({ name, value }) => `${name} \`${value}\``)
  if (rules.length === 0) return []
  return [
    {
      what: `${environment.name} shares its load balancer with others, and rules of its own send requests there: ${rules.join(', ')}. A swap moves names, and these rules go on sending to ${environment.name}.`,
      mend: {
        why: 'Beanstalk sets up a shared load balancer’s rules when it creates an environment, and never after. Bring up a new pair with load balancers of their own (LoadBalancerIsShared `false`), or without these rules, and let the names that they are for be CNAMEs of the production address.',
      },
    },
  ]
}
