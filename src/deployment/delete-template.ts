import { Refused } from './errors.ts'
import { type Run, warn } from './run.ts'
import { shellWord } from './shell-word.ts'

/**
 * Deletes the saved configuration that an environment was created from. When Beanstalk refuses, it is named for a human and
 * stays: it costs nothing and has no traffic, so that nothing has to stop for it.
 */
export async function deleteTemplate(run: Run, name: string): Promise<void> {
  try {
    await run.ports.beanstalk.deleteTemplate(name)
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown
    const command = `aws elasticbeanstalk delete-configuration-template --application-name ${shellWord(run.settings.application)} --template-name ${name}`
    run.record.left.push(`saved configuration ${name}`)
    run.record.remedies.push(...thrown.remedies, { why: 'Delete what could not be deleted:', command })
    warn(run, `${thrown.message} Delete the saved configuration by hand: ${command}`)
  }
}
