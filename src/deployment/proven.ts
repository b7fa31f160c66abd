import { describe, type Environment } from './environment.ts'
import { Failure } from './errors.ts'
import { readEvents } from './remedies.ts'
import type { Ended } from './watch-operation.ts'

/**
 * The environment, when the version really was deployed. Ready says nothing about success: the label must be there,
 * and no error event of our own request [aws-semantics A.9].
 */
export function proven(ended: Ended, version: string, what = version): Environment {
  const { environment, errors } = begun(ended)
  const said = errors.length > 0 ? ` Beanstalk says: ${eachOnce(errors).join(' ')}` : ''
  if (environment.version !== version)
    throw new Failure(
      `The deployment of ${what} failed: ${describe(environment)} does not run it.${said}`,
      [readEvents(environment.id)],
      environment,
    )
  if (errors.length > 0)
    throw new Failure(
      `The deployment of ${what} to ${environment.name} had errors.${said}`,
      [readEvents(environment.id)],
      environment,
    )
  return environment
}

/** How the operation ended, when it began at all. */
export function begun(ended: Ended): Extract<Ended, { readonly is: 'ended' }> {
  if (ended.is === 'ended') return ended
  throw new Failure('Beanstalk did not begin the deployment.')
}

/** The same of every instance is said once. */
export const eachOnce = (messages: readonly string[]): readonly string[] => [
  ...new Set(messages.map((message) => message.replace(/\[Instance: \S+\] /g, ''))),
]
