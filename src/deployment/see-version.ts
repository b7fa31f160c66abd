import { Failure } from './errors.ts'
import { shows } from './expectation.ts'
import type { Ms } from './ports.ts'
import { type Proven, type Run, warn } from './run.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Waits until production shows the version that it went back to, as long as clients may follow an older route. It only
 * proves: that it is not seen is a warning, and undoes nothing. Undefined where nobody can tell.
 */
export async function seeVersion(
  run: Run,
  {
    environment,
    version,
    within,
  }: { readonly environment: string; readonly version: string | undefined; readonly within: Ms },
): Promise<Proven | undefined> {
  const { watch } = run.record
  const expectation = run.settings.productionExpect
  if (!watch || !expectation || version === undefined) return undefined
  try {
    return await waitUntil(run, {
      sentence: `production shows ${version}`,
      expected: within / 2,
      within,
      look: async () => {
        const { answer, saw: seen } = watch.last()
        const { is, saw } = answer ? shows(expectation, version, answer) : { is: false, saw: seen }
        if (!is) return { is: 'waiting', saw, again: 2_000 }
        return { is: 'done', value: { environment, saw: `production shows ${version} (${saw})` } }
      },
    })
  } catch (thrown) {
    if (thrown instanceof Failure && !run.signal.aborted)
      warn(run, `Production went back, but ${thrown.message}.`)
    return undefined
  }
}
