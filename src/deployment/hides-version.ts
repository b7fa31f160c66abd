import type { Environment } from './environment.ts'
import { Failure } from './errors.ts'
import { shows } from './expectation.ts'
import { askCandidate } from './remedies.ts'
import type { Run } from './run.ts'

/**
 * What production has to show of this version later, the candidate has to show before, at its own address or under
 * production's name. Undefined when it does, and when it is silent at both: then nobody can tell from here.
 */
export async function hidesVersion(
  run: Run,
  { version, canProbe }: { readonly version: string; readonly canProbe: boolean },
  { cname, endpoint }: Environment,
): Promise<string | undefined> {
  const { productionExpect: expectation, productionUrl } = run.settings
  if (!expectation) return undefined
  const { probe } = run.ports
  const { pathname, search } = new URL(run.record.productionUrl as string)
  const own = await probe.ask(`http://${cname}${pathname}${search}`, run.signal)
  if (own.is === 'no answer' && !canProbe) return undefined
  const shown = shows(expectation, version, own)
  if (shown.is) return undefined
  const named = productionUrl && endpoint ? await probe.ask(productionUrl, run.signal, endpoint) : own
  if (own.is === 'no answer' && named.is === 'no answer') return undefined
  if (shows(expectation, version, named).is) return undefined
  return `it does not show ${version} at ${pathname}, as \`production-expect\` says: ${shown.saw}`
}

/** The failure of a candidate that goes on hiding its version. */
export const hidden = ({ record, settings }: Run, says: string): Failure =>
  new Failure(says, [
    {
      why: 'If the application calls this version otherwise, correct `production-expect`, or let the version label be what it says.',
    },
    askCandidate(record, settings),
  ])
