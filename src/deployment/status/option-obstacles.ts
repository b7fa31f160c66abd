import { type Configured, type Find, setting, valueIn } from '../configured.ts'
import type { Obstacle } from '../pair-report.ts'
import { staysThere } from '../straight.ts'
import { certificateElsewhere, sharedBalancer } from './balancer-obstacles.ts'
import { mutableImages, ownAddress } from './property-obstacles.ts'

/** What stands in the way as far as an environment's option settings show it. Values of properties are never quoted. */
export const obstaclesInOptions = (configured: Configured): readonly Obstacle[] =>
  [
    singleInstance,
    basicHealth,
    managedUpdates,
    sharedBalancer,
    certificateElsewhere,
    mutableImages,
    ownAddress,
  ].flatMap((find) => find(configured) ?? [])

const singleInstance: Find = (configured) => {
  const option = { namespace: 'aws:elasticbeanstalk:environment', name: 'EnvironmentType' }
  if (valueIn(configured.options, option) !== 'SingleInstance') return undefined
  return {
    what: `${configured.environment.name} is a single instance without a load balancer: traffic can be moved, but when that instance fails there is nothing beside it, a certificate has to be on the instance itself, and a name that points at its address ${staysThere(configured)}.`,
    mend: setting(configured, { ...option, value: 'LoadBalanced', why: 'Set up a load balancer' }),
  }
}

const basicHealth: Find = (configured) => {
  const option = { namespace: 'aws:elasticbeanstalk:healthreporting:system', name: 'SystemType' }
  if (valueIn(configured.options, option) === 'enhanced') return undefined
  const why = 'Turn enhanced health reporting on (it needs a service role)'
  return {
    what: `${configured.environment.name} has basic health reporting: which version every instance runs, and whether requests still arrive at the environment without traffic, nobody can see.`,
    mend: setting(configured, { ...option, value: 'enhanced', why }),
  }
}

/** [DG:environment-platform-update-managed] */
const managedUpdates: Find = (configured) => {
  const option = { namespace: 'aws:elasticbeanstalk:managedactions', name: 'PreferredStartTime' }
  if (valueIn(configured.options, { ...option, name: 'ManagedActionsEnabled' }) !== 'true') return undefined
  const start = valueIn(configured.options, option)
  const why = 'Choose a window in which nobody deploys, the same for both'
  return {
    what: `${configured.environment.name} has managed platform updates${start ? `, weekly from ${start} UTC` : ''}: while one is carried out the environment is not Ready, so that a deployment and a rollback wait, and afterwards the two environments may differ in their platform.`,
    mend: setting(configured, { ...option, value: 'Sun:03:00', why }),
  }
}
