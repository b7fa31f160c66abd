import type { Member, Shape } from './shapes.ts'

/**
 * The members of inputs that Beanstalk understands and no public API model has: the EB CLI carries a model of its own, and
 * clones and saves configurations by them. [CLI:ebcli/lib/botocoredata] [CLI:ebcli/lib/elasticbeanstalk.py]
 */
export function withPrivateMembers(scope: string, operation: string, input: Shape): Shape {
  if (scope !== 'elasticbeanstalk' || !TAKES_TEMPLATE_SPECIFICATION.has(operation)) return input
  if (input.kind !== 'structure') return input
  return { ...input, members: new Map([...input.members, ['TemplateSpecification', templateSpecification]]) }
}

/** What the EB CLI sends of a `TemplateSpecification`; `TemplateSnippets` (its coupled databases) are not simulated. */
export interface TemplateSpecification {
  readonly TemplateSource?: {
    readonly EnvironmentName?: string
    readonly SolutionStackName?: string
    readonly PlatformArn?: string
  }
}

const TAKES_TEMPLATE_SPECIFICATION = new Set([
  'CreateEnvironment',
  'CreateConfigurationTemplate',
  'ValidateConfigurationSettings',
])

const member = (xmlName: string, shape: Shape): Member => ({
  shape,
  xmlName,
  required: false,
  limits: undefined,
  flattened: false,
  header: false,
})
const structure = (name: string, members: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'structure',
  name,
  xmlName: name,
  members: new Map(Object.entries(members).map(([key, shape]) => [key, member(key, shape)])),
})
const string: Shape = { kind: 'string' }
const templateSpecification = member(
  'TemplateSpecification',
  structure('EnvironmentTemplateSpecification', {
    TemplateSource: structure('TemplateSource', {
      EnvironmentName: string,
      SolutionStackName: string,
      PlatformArn: string,
    }),
  }),
)
