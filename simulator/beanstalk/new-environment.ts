import { fullName } from './cnames.ts'
import { defaultSettings } from './default-settings.ts'
import { watch } from './health/look.ts'
import { small } from './ids.ts'
import { loadBalancerType } from './load-balancer.ts'
import { watchForUpdates } from './managed/schedule.ts'
import { requirePolicyNeeds } from './options/policy-faults.ts'
import type { Environment, Region, Status, Tags } from './region.ts'
import { changeSettings, type OptionSetting, option, type Settings, type SettingsOrder } from './settings.ts'
import { sharedArn } from './shared-load-balancer.ts'

/** What a new environment is made of. */
export interface EnvironmentOrder {
  readonly application: string
  readonly name: string
  readonly status: Status
  readonly tier: 'web' | 'worker'
  readonly stack: string
  readonly version: string | undefined
  readonly cnamePrefix: string | undefined
  readonly description: string | undefined
  readonly template: { readonly name: string | undefined; readonly settings: Settings } | undefined
  readonly settings: SettingsOrder
  readonly tags: Tags
}

/** Adds an environment without any resources yet, and begins to look after it. Throws when its settings contradict each other. */
export function newEnvironment(region: Region, order: EnvironmentOrder): Environment {
  const { cloud } = region
  const { application, name, status, tier, stack, version, cnamePrefix, template, description } = order
  const id = `e-${small(cloud.random, 10)}`
  const settings = settingsOf(region, id, order)
  requirePolicyNeeds(settings)
  const now = cloud.clock.now()
  const environment: Environment = {
    id,
    name,
    application,
    tier,
    single: isSingle(settings),
    createdAt: now,
    visibleFrom:
      status === 'Ready' ? now : now + cloud.random() * Math.min(3_000, cloud.switches.staleReadsMs),
    tags: withSystemTags(order.tags, { id, name }),
    machines: new Map(),
    template: template?.name,
    description,
    stack,
    cname:
      tier === 'worker'
        ? undefined
        : fullName(region, cnamePrefix ?? `${name}.eba-${small(cloud.random, 8)}`),
    endpoint: undefined,
    addresses: [],
    status,
    stale: undefined,
    busy: status !== 'Ready',
    abortable: undefined,
    version,
    deploying: undefined,
    settings,
    draft: undefined,
    health: { status: 'Pending', causes: [] },
    shown: { health: { status: 'Pending', causes: [] }, judged: false },
    out: false,
    failed: false,
    deployments: 1,
    group: undefined,
    targets: [],
    stackGroups: undefined,
    listeners: undefined,
    split: undefined,
    database: undefined,
    traffic: [],
    idleSince: undefined,
    logs: [],
    operationsRole: undefined,
    managedAction: undefined,
    pastActions: [],
    life: 1,
    updatedAt: now,
    terminatedAt: undefined,
  }
  region.environments.push(environment)
  watch(region, environment)
  watchForUpdates(region, environment)
  return environment
}

/** The settings that an option falls back to when it is removed. */
export function fallbacks(region: Region, environment: Environment): Settings {
  const { id, name, single, tier, settings } = environment
  return defaultSettings(region, {
    id,
    name,
    single,
    tier,
    balancer: loadBalancerType(settings) ?? 'none',
    shared: sharedArn(settings) !== undefined,
  })
}

function settingsOf(region: Region, id: string, order: EnvironmentOrder): Settings {
  const { name, tier, template, settings } = order
  const wanted = changeSettings(template?.settings ?? new Map(), new Map(), settings)
  // "classic" is what the API makes when nobody says. [DG:command-options-general aws:elasticbeanstalk:environment]
  const balancer = loadBalancerType(wanted) ?? 'classic'
  const shared = sharedArn(wanted) !== undefined
  const defaults = defaultSettings(region, { id, name, tier, balancer, shared, single: isSingle(wanted) })
  const merged = new Map([...defaults, ...wanted])
  // The environment's own generated groups are always there, beside those that were asked for.
  for (const namespace of groupNamespaces) {
    const key = `${namespace}|SecurityGroups`
    const groups = [wanted.get(key), defaults.get(key)].filter(Boolean)
    if (groups.length > 0) merged.set(key, groups.join(','))
  }
  return merged
}

const groupNamespaces = [
  'aws:autoscaling:launchconfiguration',
  'aws:elbv2:loadbalancer',
  'aws:elb:loadbalancer',
]

function isSingle(settings: Settings): boolean {
  return option(settings, 'aws:elasticbeanstalk:environment', 'EnvironmentType') === 'SingleInstance'
}

/** [CLI:tests/unit/mock_responses.py:3787] */
function withSystemTags(tags: Tags, { id, name }: { id: string; name: string }): Tags {
  return new Map([
    ...tags,
    ['Name', name],
    ['elasticbeanstalk:environment-id', id],
    ['elasticbeanstalk:environment-name', name],
  ])
}

/** Option settings as tests write them: `namespace/name`, of scheduled actions `resource.namespace/name`. */
export function settingsFrom(options: Readonly<Record<string, string>>): readonly OptionSetting[] {
  return Object.entries(options).map(([key, Value]) => {
    const [, ResourceName, namespace = '', OptionName = ''] =
      /^(?:([^.:]+)\.)?(aws:.*)\/([^/]*)$/.exec(key) ?? []
    return { ResourceName, Namespace: namespace, OptionName, Value }
  })
}
