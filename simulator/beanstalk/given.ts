import { makeLoadBalancer } from '../load-balancing/load-balancers.ts'
import { openListeners, spreadRules } from '../load-balancing/refresh.ts'
import { addApplication } from './applications.ts'
import { bundleOf, sampleApplication } from './bundle.ts'
import { coupleDatabase, wantsDatabase } from './database.ts'
import { findApplication, findVersion } from './find.ts'
import { addMachine, load, register } from './fleet.ts'
import { openFront } from './front.ts'
import { makeGroup } from './group.ts'
import { look } from './health/look.ts'
import { newEnvironment, settingsFrom } from './new-environment.ts'
import type { Application, Environment, Region, Version } from './region.ts'
import { loadBalancerName, stackName } from './resource-names.ts'
import { applyScheduledActions } from './scheduled-actions.ts'
import { listenerAt } from './shared-load-balancer.ts'
import { defaultStack } from './stacks.ts'
import { addVersion } from './versions.ts'

/** An environment as tests want it to stand there from the beginning. */
export interface GivenEnvironment {
  readonly application: string
  readonly name: string
  /** Beanstalk's sample application when left out. */
  readonly version?: string
  /** Its solution stack. */
  readonly stack?: string
  readonly cnamePrefix?: string
  readonly minSize?: number
  readonly maxSize?: number
  /** The desired capacity; the minimum when left out. */
  readonly instances?: number
  readonly policy?: string
  readonly healthReporting?: 'basic' | 'enhanced'
  /** Values by `namespace/option`. */
  readonly options?: Readonly<Record<string, string>>
  readonly description?: string
  readonly single?: boolean
  /** As the console and the EB CLI make it when left out: application. */
  readonly loadBalancer?: 'application' | 'classic' | 'network'
  readonly tier?: 'worker'
  readonly tags?: Readonly<Record<string, string>>
}

/** What exists before a test begins. It takes no simulated time, and leaves no events. */
export interface Given {
  application(name: string): void
  /** Without content it is Beanstalk's sample application under another label. */
  version(application: string, label: string, content?: Uint8Array): void
  /** A new solution stack, from now on the first of the list. */
  stack(name: string): void
  /**
   * An active Application Load Balancer of the user's with a listener on port 80 that answers 404; environments can share it by its
   * ARN.
   */
  loadBalancer(name: string): Promise<{
    readonly arn: string
    readonly dnsName: string
    readonly listener: string
  }>
  /** Ready, healthy, its application running. */
  environment(
    order: GivenEnvironment,
  ): Promise<{ readonly id: string; readonly cname: string; readonly endpoint: string }>
}

/** Seeds a region. */
export function givenIn(region: Region): Given {
  return {
    application(name) {
      applicationOf(region, name)
    },
    version(name, label, content) {
      const application = applicationOf(region, name)
      const bucket = `elasticbeanstalk-${region.cloud.region}-${region.cloud.account}`
      const key = `${name}/${label}.zip`
      if (content) {
        if (!region.buckets.has(bucket)) region.buckets.create(bucket)
        region.buckets.put(bucket, key, content)
      }
      const version: Version = addVersion(region, application, {
        label,
        source: content && { bucket, key },
      })
      version.status = 'PROCESSED'
    },
    stack(name) {
      region.stacks.unshift(name)
    },
    async loadBalancer(name) {
      const made = await makeLoadBalancer(region.balancing, { name, atOnce: true })
      const listener = listenerAt(region, made, 80)
      spreadRules(region.balancing, made, true)
      await openListeners(region.balancing, made)
      return { arn: made.arn, dnsName: made.dnsName, listener: listener.arn }
    },
    async environment(order) {
      const application = applicationOf(region, order.application)
      if (order.version !== undefined) findVersion(application, order.version)
      const environment = newEnvironment(region, {
        application: findApplication(region, order.application).name,
        name: order.name,
        status: 'Ready',
        tier: order.tier ?? 'web',
        stack: order.stack ?? defaultStack,
        version: order.version ?? sampleApplication,
        cnamePrefix: order.cnamePrefix,
        description: order.description,
        template: undefined,
        settings: { set: settingsFrom(optionsOf(order)) },
        tags: new Map(Object.entries(order.tags ?? {})),
      })
      await bringUp(region, environment, order.instances)
      return { id: environment.id, cname: environment.cname ?? '', endpoint: environment.endpoint ?? '' }
    },
  }
}

function applicationOf(region: Region, name: string): Application {
  return region.applications.get(name) ?? addApplication(region, name)
}

function optionsOf(order: GivenEnvironment): Readonly<Record<string, string>> {
  const { minSize, maxSize, policy, healthReporting, single = false, options } = order
  const min = minSize ?? 1
  return {
    ...(single && { 'aws:elasticbeanstalk:environment/EnvironmentType': 'SingleInstance' }),
    ...(!single && {
      'aws:elasticbeanstalk:environment/LoadBalancerType': order.loadBalancer ?? 'application',
    }),
    'aws:autoscaling:asg/MinSize': String(min),
    'aws:autoscaling:asg/MaxSize': String(maxSize ?? (single ? 1 : Math.max(4, min, order.instances ?? 0))),
    ...(policy !== undefined && { 'aws:elasticbeanstalk:command/DeploymentPolicy': policy }),
    ...(healthReporting && { 'aws:elasticbeanstalk:healthreporting:system/SystemType': healthReporting }),
    ...options,
  }
}

async function bringUp(
  region: Region,
  environment: Environment,
  instances: number | undefined,
): Promise<void> {
  const group = makeGroup(region, environment, {
    name: stackName(region, environment, 'AWSEBAutoScalingGroup'),
    ...(instances !== undefined && { desired: instances }),
  })
  // Nothing was scaled in living memory: no cooldown holds the first shrinking back.
  group.scaledAt = Number.NEGATIVE_INFINITY
  environment.group = group
  if (wantsDatabase(environment.settings)) coupleDatabase(region, environment, `${environment.id}-database`)
  applyScheduledActions(region, environment)
  const bundle = bundleOf(region, environment, environment.version)
  const machines = group.instances.map((instance) => {
    instance.lifecycle = 'InService'
    return addMachine(environment, instance)
  })
  if (environment.tier === 'web') {
    await openFront(region, environment, loadBalancerName(region, environment))
  }
  if (bundle) {
    const { settings } = environment
    await Promise.all(machines.map((machine) => load(region, machine, { of: environment, bundle, settings })))
  }
  await register(region, environment, machines)
  environment.shown = undefined
  environment.health = { status: 'Ok', causes: [] }
  await look(region, environment)
}
