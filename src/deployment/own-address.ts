import type { Environment } from './environment.ts'
import { inWordsOf, isGood } from './production-watch.ts'
import type { Run } from './run.ts'
import type { Asked } from './seen-from-here.ts'

/** What the candidate shows at its own address: what it should, something else, or nothing that can be concluded. */
export type OwnVerdict = { readonly is: 'good' | 'bad' | 'not comparable'; readonly saw: string }

/**
 * Asks the candidate at its own address, plainly. The control is live: where that is silent too (HTTPS only, a load
 * balancer that lets in nobody but a CDN), silence says nothing.
 */
export async function atOwnAddress(
  run: Run,
  { candidate, live, canProbe }: Pick<Asked, 'candidate' | 'live' | 'canProbe'>,
): Promise<OwnVerdict> {
  const { healthPath } = run.settings
  const ask = ({ cname }: Environment) => run.ports.probe.ask(`http://${cname}${healthPath}`, run.signal)
  const answer = await ask(candidate)
  if (isGood(run, answer)) return { is: 'good', saw: inWordsOf(answer) }
  const bad = { is: 'bad', saw: `${healthPath} answers: ${inWordsOf(answer)}` } as const
  if (answer.is === 'answer') return bad
  const silent = `http://${candidate.cname} does not answer from here (${answer.why})`
  if (!canProbe) return { is: 'not comparable', saw: silent }
  if (!live || (await ask(live)).is === 'answer') return bad
  return { is: 'not comparable', saw: `${silent}, and neither does http://${live.cname}` }
}
