import type { Crew, Instance } from '../auto-scaling/group.ts'
import type { Bundle } from '../data-plane/data-plane.ts'
import { bundleOf } from './bundle.ts'
import { databaseVariables } from './database.ts'
import { say } from './events.ts'
import { refreshFront } from './front.ts'
import { checkMachine } from './health/check-machine.ts'
import type { Environment, Machine, Region } from './region.ts'
import { option, type Settings, variables } from './settings.ts'

/** What a machine is to run. */
export interface Load {
  readonly bundle: Bundle
  readonly settings: Settings
}

/** Makes an instance a machine of the environment. Its application is not started yet. */
export function addMachine(environment: Environment, instance: Instance): Machine {
  const machine: Machine = {
    id: instance.id,
    version: undefined,
    deployment: { id: environment.deployments, status: 'In Progress', at: instance.launchedAt },
    registered: false,
    target: 'initial',
    failed: 0,
    passed: 0,
  }
  environment.machines.set(instance.id, machine)
  return machine
}

/** Puts an application on a machine; false when it does not come up. What ran before has ended either way. */
export async function load(
  region: Region,
  machine: Machine,
  load: Load & { of: Environment },
): Promise<boolean> {
  const { of: environment, bundle, settings } = load
  const order = {
    instance: machine.id,
    environment: environment.id,
    bundle,
    variables: { ...databaseVariables(region, environment), ...variables(settings) },
  }
  const isNew = machine.version === undefined
  machine.version = bundle.version
  machine.target = 'initial'
  machine.failed = 0
  machine.passed = 0
  const deployment = (status: Machine['deployment']['status']) => {
    machine.deployment = { id: environment.deployments, status, at: region.cloud.clock.now() }
  }
  deployment('In Progress')
  try {
    await (isNew ? region.dataPlane.start(order) : region.dataPlane.deploy(order))
    deployment('Deployed')
    return true
  } catch {
    deployment('Failed')
    return false
  }
}

/** What happens to instances that Auto Scaling adds and takes away by itself. */
export function crewOf(region: Region, environment: Environment): Crew {
  return {
    async arrived(instance) {
      // Beanstalk holds Auto Scaling back while it works on an environment.
      while (environment.busy) await region.cloud.clock.sleep(5_000)
      if (instance.lifecycle === 'Terminating') return
      const machine = addMachine(environment, instance)
      say(region, environment, { message: `Added instance [${instance.id}] to your environment.` })
      const bundle = bundleOf(region, environment, environment.version)
      if (bundle) await load(region, machine, { of: environment, bundle, settings: environment.settings })
      else machine.deployment = { ...machine.deployment, status: 'Failed' }
      if (!environment.machines.has(instance.id)) return
      await register(region, environment, [machine])
    },
    leaving: (instance) => removeMachine(region, environment, instance),
  }
}

/** Adds machines to the load balancer, which sends them requests as soon as they pass their first check. */
export async function register(
  region: Region,
  environment: Environment,
  machines: readonly Machine[],
): Promise<void> {
  for (const machine of machines) machine.registered = true
  await Promise.all(machines.map((machine) => checkMachine(region, environment, machine)))
  refreshFront(region, environment)
}

async function removeMachine(region: Region, environment: Environment, instance: Instance): Promise<void> {
  const machine = environment.machines.get(instance.id)
  if (!machine) return
  machine.registered = false
  refreshFront(region, environment)
  const namespace = 'aws:elasticbeanstalk:environment:process:default'
  const drain = Number(option(environment.settings, namespace, 'DeregistrationDelay'))
  await region.cloud.clock.sleep(drain * 1_000)
  environment.machines.delete(instance.id)
  await region.dataPlane.stop(instance.id)
  say(region, environment, { message: `Removed instance [${instance.id}] from your environment.` })
}
