import type { Member, Shape } from './shapes.ts'

/**
 * What Beanstalk understands and answers beyond the public API model: the EB CLI carries a model of its own, clones and
 * saves configurations by it, and reads the tier of a configuration. [CLI:ebcli/lib/botocoredata] [CLI:ebcli/lib/elasticbeanstalk.py]
 */
export function withPrivateMembers(
  operation: string,
  { input, output }: { readonly input: Shape; readonly output: Shape },
) {
  if (operation === 'DescribeConfigurationSettings')
    return { input, output: inItemsOf(output, 'ConfigurationSettings', { Tier: tier }) }
  if (operation === 'ValidateConfigurationSettings') {
    // Public models require the settings; `eb config put` validates a whole template without any.
    return {
      input: and(withOptional(input, 'OptionSettings'), { TemplateSpecification: templateSpecification }),
      output,
    }
  }
  if (!TAKES_TEMPLATE_SPECIFICATION.has(operation)) return { input, output }
  return { input: and(input, { TemplateSpecification: templateSpecification }), output }
}

/** What the EB CLI sends of a `TemplateSpecification`; `TemplateSnippets` (its coupled databases) are not simulated. */
export interface TemplateSpecification {
  readonly TemplateSource?: {
    readonly EnvironmentName?: string
    readonly SolutionStackName?: string
    readonly PlatformArn?: string
  }
}

const TAKES_TEMPLATE_SPECIFICATION = new Set(['CreateEnvironment', 'CreateConfigurationTemplate'])

type Members = Readonly<Record<string, Shape>>

const membersOf = (more: Members) =>
  Object.entries(more).map(([xmlName, shape]): [string, Member] => [
    xmlName,
    { shape, xmlName, required: false, limits: undefined, flattened: false, header: false },
  ])

const structure = (name: string, members: Members): Shape => ({
  kind: 'structure',
  name,
  xmlName: name,
  members: new Map(membersOf(members)),
})

/** A structure with more members. */
function and(shape: Shape, more: Members): Shape {
  if (shape.kind !== 'structure') throw new TypeError('only a structure has members')
  return { ...shape, members: new Map([...shape.members, ...membersOf(more)]) }
}

/** A structure in which a member is not required. */
function withOptional(shape: Shape, name: string): Shape {
  const member = shape.kind === 'structure' ? shape.members.get(name) : undefined
  if (shape.kind !== 'structure' || !member) throw new TypeError(`no member ${name}`)
  return { ...shape, members: new Map([...shape.members, [name, { ...member, required: false }]]) }
}

/** A structure whose list `name` has items with more members. */
function inItemsOf(shape: Shape, name: string, more: Members): Shape {
  const list = shape.kind === 'structure' ? shape.members.get(name) : undefined
  if (shape.kind !== 'structure' || list?.shape.kind !== 'list') throw new TypeError(`no list ${name}`)
  const changed = { ...list, shape: { ...list.shape, item: and(list.shape.item, more) } }
  return { ...shape, members: new Map([...shape.members, [name, changed]]) }
}

const string: Shape = { kind: 'string' }
const tier = structure('EnvironmentTier', { Name: string, Type: string, Version: string })
const templateSpecification = structure('EnvironmentTemplateSpecification', {
  TemplateSource: structure('TemplateSource', {
    EnvironmentName: string,
    SolutionStackName: string,
    PlatformArn: string,
  }),
})
