import type { Environment } from '../environment.ts'
import { Refused } from '../errors.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'

/** Throws on, and says of an option that AWS does not take what it would take. */
export function refusedOption({ settings }: Run, { name }: Environment, thrown: unknown): never {
  const message = thrown instanceof Refused ? thrown.message : ''
  const [, namespace, option] = /\(Namespace: '([^']+)', OptionName: '([^']+)'\)/.exec(message) ?? []
  if (!(thrown instanceof Refused) || namespace === undefined || option === undefined) throw thrown
  const where = settings.optionSettings.some((own) => own.namespace === namespace && own.name === option)
    ? '`option-settings` or `environment-variables`'
    : 'the configuration of the live environment, whose values it gets (`configuration: sync`)'
  throw new Refused(`${message} That update was not begun.`, [
    ...thrown.remedies,
    {
      why: `The option comes from ${where}. What AWS takes for it:`,
      command: `aws elasticbeanstalk describe-configuration-options --application-name ${shellWord(settings.application)} --environment-name ${name} --options ${shellWord(`Namespace=${namespace},OptionName=${option}`)}`,
    },
  ])
}
