import type { Environment } from './environment.ts'
import { Failure } from './errors.ts'
import type { OptionChange, OptionSetting } from './ports.ts'
import type { Settings } from './settings.ts'
import type { Plan } from './stages/plan.ts'

const mark = 'for verification only'

/** Environment properties, and those whose values come from a secret store. [DG:command-options-general] */
const variables: ReadonlySet<string> = new Set([
  'aws:elasticbeanstalk:application:environment',
  'aws:elasticbeanstalk:application:environmentsecrets',
])

/** Is it an environment property, or one whose value comes from a secret store? */
export const isVariable = ({ namespace }: Pick<OptionSetting, 'namespace'>): boolean =>
  variables.has(namespace)

/** What the application in an environment without live's own environment properties sees of that. */
const sign: OptionSetting = {
  namespace: 'aws:elasticbeanstalk:application:environment',
  name: 'BLUE_GREEN_ENVIRONMENT',
  value: 'verification',
}

/** Does the option mark an environment for verification only? */
export const isSign = ({ namespace, name, value }: OptionSetting): boolean =>
  namespace === sign.namespace && name === sign.name && value === sign.value

/** Ends the description of an environment that was cloned without live's environment properties. */
export const markOf = ({ copyVariables }: Pick<Settings, 'copyVariables'>): string =>
  copyVariables ? '' : `, ${mark}`

/** Was the environment cloned without live's environment properties? Then it is not made for production. */
export const isForVerificationOnly = ({ description }: Environment): boolean => description.endsWith(mark)

/** Parts a copied configuration: what is no environment property, and what a clone without them differs in. */
export function withoutVariables(options: readonly OptionSetting[]): {
  readonly rest: readonly OptionSetting[]
  readonly difference: OptionChange
} {
  const properties = options.filter(isVariable)
  return {
    rest: options.filter((option) => !properties.includes(option) && !isCopyOfThem(option)),
    difference: {
      optionSettings: [sign],
      optionsToRemove: properties.map(({ namespace, name }) => ({ namespace, name })),
    },
  }
}

/** Beanstalk shows them once more, as one parameter of its own stack. It makes that anew; here it is only never sent. */
const isCopyOfThem = ({ namespace, name }: OptionSetting): boolean =>
  namespace === 'aws:cloudformation:template:parameter' && name === 'EnvironmentVariables'

/** Refuses to bring production into an environment that lacks what production's own has. */
export function refuseVerificationOnly({ other, live }: Plan): void {
  if (!other.now || !isForVerificationOnly(other.now)) return
  throw new Failure(
    `${other.name} was created by a \`verify\` without the environment properties of ${live.name}: it is not made for production.`,
    [
      {
        why: `End it, and let it be created anew; or create it by \`verify\` with \`copy-variables: true\` from the beginning:`,
        command: `aws elasticbeanstalk terminate-environment --environment-id ${other.now.id}`,
      },
    ],
  )
}
