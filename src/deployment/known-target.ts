import { Failure } from './errors.ts'
import { scalar } from './next-step.ts'
import { listVersions } from './remedies.ts'
import type { Run } from './run.ts'

/** Throws Failure when `to` names neither an environment of the pair nor a version, running or published. */
export async function refuseUnknown(
  run: Run,
  to: string,
  running: readonly (string | undefined)[],
): Promise<void> {
  const { application, blueEnvironment, greenEnvironment } = run.settings
  const names = [blueEnvironment, greenEnvironment]
  if (names.includes(to) || running.includes(to)) return
  if (await run.ports.versions.read(to)) return
  throw new Failure(
    `\`to\` is ${to}, which is neither ${blueEnvironment}, ${greenEnvironment} nor a version of ${application}. Nothing was changed.`,
    [
      ...names.map((name) => ({
        why: `If it is ${name} as it is:`,
        workflow: `operation: rollback\nto: ${scalar(name)}`,
      })),
      { why: 'If it is a version, `to` is its label. The newest ones:', command: listVersions(application) },
    ],
  )
}
