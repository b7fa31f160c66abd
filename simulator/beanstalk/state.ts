import { colourOf } from './health/colour.ts'
import type { Colour, Database, Environment, HealthStatus, Region, Status, Version } from './region.ts'
import { isEnhanced } from './settings.ts'

/** Everything as it truly is now, without stale reads. */
export interface BeanstalkState {
  readonly environments: readonly EnvironmentState[]
  readonly versions: readonly {
    readonly application: string
    readonly label: string
    readonly status: Version['status']
    readonly tags: Readonly<Record<string, string>>
  }[]
  readonly templates: readonly { readonly application: string; readonly name: string }[]
  /** Those that environments share, with the ids of the environments in the order in which they came. */
  readonly sharedLoadBalancers: readonly {
    readonly arn: string
    readonly endpoint: string
    readonly environments: readonly string[]
  }[]
  /** Of environments, the deleted too, oldest first; `environment` is the id of the one that it was made with. */
  readonly databases: readonly Readonly<Database>[]
}

/** One environment; the terminated ones are there too. */
export interface EnvironmentState {
  readonly id: string
  readonly name: string
  readonly application: string
  readonly cname: string | undefined
  readonly endpoint: string | undefined
  readonly status: Status
  readonly health: Colour
  /** Absent with basic health reporting. */
  readonly healthStatus: HealthStatus | undefined
  readonly version: string | undefined
  /** Instances in service, with what was deployed to each of them last and whether requests are sent to it. */
  readonly instances: readonly {
    readonly id: string
    readonly version: string | undefined
    readonly inFront: boolean
  }[]
  readonly group:
    | {
        readonly name: string
        readonly min: number
        readonly max: number
        readonly desired: number
        readonly inService: number
      }
    | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** A snapshot for tests, for those who watch that rules hold, and for the control API. */
export function stateOf(region: Region): BeanstalkState {
  const applications = [...region.applications.values()]
  return {
    sharedLoadBalancers: [...region.sharedLoadBalancers.values()].map(({ arn, endpoint, environments }) => ({
      arn,
      endpoint,
      environments: environments.map(({ id }) => id),
    })),
    databases: region.databases.map((database) => ({ ...database })),
    environments: region.environments.map(stateOfEnvironment),
    versions: applications.flatMap(({ name, versions }) =>
      [...versions.values()].map(({ label, status, tags }) => ({
        application: name,
        label,
        status,
        tags: Object.fromEntries(tags),
      })),
    ),
    templates: applications.flatMap((application) =>
      [...application.templates.keys()].map((name) => ({ application: application.name, name })),
    ),
  }
}

function stateOfEnvironment(environment: Environment): EnvironmentState {
  const { id, name, application, cname, endpoint, status, version, group, health, targets } = environment
  return {
    id,
    name,
    application,
    cname,
    endpoint,
    status,
    health: colourOf(health.status),
    healthStatus: isEnhanced(environment.settings) ? health.status : undefined,
    version,
    instances: [...environment.machines.values()].map((machine) => ({
      id: machine.id,
      version: machine.version,
      inFront: targets.includes(machine.id),
    })),
    group: group && {
      name: group.name,
      min: group.min,
      max: group.max,
      desired: group.desired,
      inService: group.instances.filter(({ lifecycle }) => lifecycle === 'InService').length,
    },
    tags: Object.fromEntries(environment.tags),
  }
}
