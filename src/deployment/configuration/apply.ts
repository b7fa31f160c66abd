import type { Deployment } from '../deploy-to.ts'
import { describe, type Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { OptionChange } from '../ports.ts'
import { begun, eachOnce } from '../proven.ts'
import { readEvents } from '../remedies.ts'
import type { Run } from '../run.ts'
import { update } from '../update.ts'
import type { Ended } from '../watch-operation.ts'
import { optionsIn } from './change.ts'

/** Sets and takes out options of the candidate, and nothing else. */
export async function changeOptions(
  run: Run,
  { plan, candidate, version }: Deployment,
  { optionSettings, optionsToRemove }: OptionChange,
): Promise<Environment> {
  const change = { optionSettings, optionsToRemove }
  run.ports.report.line(`Changing ${inWordsOf(change)} of ${candidate.name}: ${namesIn(change)}.`)
  const ended = await update(run, {
    plan,
    candidate,
    doing: `changing ${inWordsOf(change)} of ${candidate.name}`,
    sentence: `${candidate.name} has its new options`,
    takes: 'configuration',
    send: () => run.ports.beanstalk.configure(candidate.id, change),
  })
  return changed(ended, `new options (${namesIn(change)})`, fateOf(candidate, version))
}

/** Brings the candidate to another platform, in an update of its own. */
export async function changePlatform(
  run: Run,
  { plan, candidate, version }: Deployment,
  platform: string,
): Promise<Environment> {
  run.ports.report.line(`Updating ${candidate.name} to the platform of ${plan.live.name}, ${platform}.`)
  const ended = await update(run, {
    plan,
    candidate,
    doing: `updating the platform of ${candidate.name}`,
    sentence: `${candidate.name} has the platform of ${plan.live.name}`,
    takes: 'configuration',
    send: () => run.ports.beanstalk.configure(candidate.id, { platform }),
  })
  return changed(ended, `new platform (${platform})`, fateOf(candidate, version))
}

/** `2 options`. */
export const inWordsOf = (change: OptionChange): string =>
  optionsIn(change) === 1 ? 'one option' : `${optionsIn(change)} options`

/** Names only: values may be secrets. */
const namesIn = ({ optionSettings, optionsToRemove }: OptionChange): string =>
  [
    ...optionSettings.map(({ namespace, name }) => `${namespace} ${name}`),
    ...optionsToRemove.map(({ namespace, name }) => `${namespace} ${name} (taken out)`),
  ].join(', ')

const fateOf = (candidate: Environment, version: string): string =>
  candidate.version === version ? `${version} does not go live there` : `${version} was not deployed there`

/** The environment, when the update had no error. Its version is as before: only its own events tell (A.9). */
function changed(ended: Ended, what: string, fate: string): Environment {
  const { environment, errors } = begun(ended)
  if (errors.length === 0) return environment
  throw new Failure(
    `${describe(environment)} did not take its ${what}, so ${fate}. Beanstalk says: ${eachOnce(errors).join(' ')}`,
    [readEvents(environment.id)],
    environment,
  )
}
