import type { Environment } from '../environment.ts'
import type { Beanstalk, NewEnvironment, OptionChange, OptionSetting } from '../ports.ts'
import { becoming, type Pretence, type Size, takes } from './pretence.ts'

/** Elastic Beanstalk in the good case: what is asked for is accepted, takes its usual time, and goes well. */
export function pretendBeanstalk(real: Beanstalk, pretence: Pretence): Beanstalk {
  const { plan, clock, environments, created, changed } = pretence
  const isReal = (id: string) => !created.has(id)
  const isAsRead = (id: string) => isReal(id) && !changed.has(id) && pretence.route === undefined
  let requests = 0
  const accepted = () => ({ requestId: `pretended-${++requests}` })

  const put = (now: Environment, then: Environment | undefined, after: number) =>
    environments.set(now.id, becoming<Environment | undefined>(now, then, clock.now(), after))

  const read: Beanstalk['read'] = async (ids) => {
    const unknown = ids.filter((id) => !environments.has(id))
    if (unknown.length > 0) {
      for (const one of await clock.ask(() => real.read(unknown))) pretence.meet(one)
      for (const id of unknown) if (!environments.has(id)) environments.set(id, { now: undefined })
    }
    return pretence.present().filter(({ id }) => ids.includes(id))
  }

  const updated = async (id: string, change: Partial<Environment>, after: number) => {
    const [now] = await read([id])
    if (now) put({ ...now, status: 'Updating' }, { ...now, ...change, health: 'Ok' }, after)
    changed.add(id)
    return accepted()
  }

  return {
    read,
    async find(names) {
      const unknown = names.filter((name) => !pretence.names.has(name))
      if (unknown.length > 0) {
        for (const one of await clock.ask(() => real.find(names))) pretence.meet(one)
        for (const name of names) pretence.names.add(name)
      }
      return pretence.present().filter(({ name }) => names.includes(name))
    },
    // What a pretended operation would tell nobody knows; the environment's state says enough.
    events: async (id, since) => (isAsRead(id) ? clock.ask(() => real.events(id, since)) : []),
    newestEventAt: async (id) => (isAsRead(id) ? clock.ask(() => real.newestEventAt(id)) : 0),
    async create(order) {
      plan.change(creating(order))
      const environment = environmentOf(order)
      created.add(environment.id)
      addGroup(pretence, environment, sizeIn(order.optionSettings, sizeOf(order, pretence)))
      put({ ...environment, status: 'Launching', health: 'unknown' }, environment, takes.create)
      return { ...accepted(), id: environment.id }
    },
    async deploy(id, version, options) {
      plan.change(
        `call UpdateEnvironment: ${[`EnvironmentId=${id}`, `VersionLabel=${version}`, ...optionsOf(options)].join(', ')}`,
      )
      return updated(id, { version }, takes.deploy)
    },
    async configure(id, change) {
      const what = 'platform' in change ? [`platform ${change.platform}`] : optionsOf(change)
      plan.change(`call UpdateEnvironment: ${[`EnvironmentId=${id}`, ...what].join(', ')}`)
      return updated(id, {}, takes.configure)
    },
    async terminate(id) {
      plan.change(`call TerminateEnvironment: EnvironmentId=${id}`)
      const [now] = await read([id])
      if (now) put({ ...now, status: 'Terminating' }, undefined, takes.terminate)
      return accepted()
    },
    async createTemplate(name, fromId) {
      plan.change(`call CreateConfigurationTemplate: TemplateName=${name}, EnvironmentId=${fromId}`)
      const like = pretence.sizes.get(pretence.environment(fromId)?.name ?? '')
      if (like) pretence.sizes.set(name, like)
    },
    async deleteTemplate(name) {
      plan.change(`call DeleteConfigurationTemplate: TemplateName=${name}`)
    },
    async options(name) {
      const isNew = pretence.present().some((one) => one.name === name && created.has(one.id))
      const options = isNew ? [] : await clock.ask(() => real.options(name))
      pretence.sizes.set(name, sizeIn(options, defaultSize))
      return options
    },
    templateOptions: (name) => clock.ask(() => real.templateOptions(name)),
    versionsOnInstances: async (id) => (isAsRead(id) ? clock.ask(() => real.versionsOnInstances(id)) : {}),
    causes: async (id) => (isAsRead(id) ? clock.ask(() => real.causes(id)) : []),
    requestRate: async (id) => (isAsRead(id) ? clock.ask(() => real.requestRate(id)) : { perSecond: 0 }),
    enhancedHealth: async (id) => (isReal(id) ? clock.ask(() => real.enhancedHealth(id)) : undefined),
    async all() {
      const others = (await clock.ask(() => real.all())).filter(({ id }) => !environments.has(id))
      return [...pretence.present(), ...others]
    },
    applications: () => clock.ask(() => real.applications()),
    cnameOf: (prefix) => clock.ask(() => real.cnameOf(prefix)),
  }
}

/** Without option values, which may be secrets. */
function creating({
  name,
  version,
  base,
  cnamePrefix,
  optionSettings,
  optionsToRemove,
  tags,
}: NewEnvironment) {
  return `call CreateEnvironment: ${[
    `EnvironmentName=${name}`,
    `VersionLabel=${version}`,
    'template' in base ? `TemplateName=${base.template}` : `platform ${base.platform}`,
    ...(cnamePrefix === undefined ? [] : [`CNAMEPrefix=${cnamePrefix}`]),
    ...optionsOf({ optionSettings, optionsToRemove }),
    ...count('Tags', Object.keys(tags).length),
  ].join(', ')}`
}

const optionsOf = ({ optionSettings, optionsToRemove }: OptionChange = nothing): readonly string[] => [
  ...count('OptionSettings', optionSettings.length),
  ...count('OptionsToRemove', optionsToRemove.length),
]

const nothing: OptionChange = { optionSettings: [], optionsToRemove: [] }

const count = (what: string, many: number) => (many === 0 ? [] : [`${what}: ${many}`])

const environmentOf = ({ name, version, description, cnamePrefix }: NewEnvironment): Environment => ({
  id: `e-of-new-${name}`,
  name,
  status: 'Ready',
  health: 'Ok',
  cname: `${cnamePrefix ?? name}.not-there-yet`,
  endpoint: undefined,
  version,
  tier: 'WebServer',
  description,
  updated: 0,
})

/** [DG:command-options-general aws:autoscaling:asg] */
const defaultSize: Size = { min: 1, max: 4 }

const sizeOf = ({ base }: NewEnvironment, { sizes }: Pretence): Size =>
  ('template' in base && sizes.get(base.template)) || defaultSize

function sizeIn(options: readonly OptionSetting[], otherwise: Size): Size {
  const number = (name: string) => {
    const found = options.find((one) => one.namespace === 'aws:autoscaling:asg' && one.name === name)
    return found && Number(found.value)
  }
  return { min: number('MinSize') ?? otherwise.min, max: number('MaxSize') ?? otherwise.max }
}

function addGroup({ groups, groupOf }: Pretence, { id, name }: Environment, { min, max }: Size): void {
  const group = `the Auto Scaling group of the new ${name}`
  groups.set(group, { now: { name: group, min, max, desired: min, inService: min } })
  groupOf.set(id, group)
}
