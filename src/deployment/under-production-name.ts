import type { Environment } from './environment.ts'
import type { Remedy } from './errors.ts'
import type { Answer } from './ports.ts'
import { inWordsOf, isGood } from './production-watch.ts'
import { askAt } from './remedies.ts'
import type { Run } from './run.ts'

/** What the candidate answers under production's own name: as live does, worse, or nothing that can be compared. */
export type NameVerdict =
  | { readonly is: 'same' | 'not comparable'; readonly saw: string }
  | { readonly is: 'worse'; readonly saw: string; readonly mend: Remedy }

/**
 * Asks the candidate's own address under the name that users open, so that certificate, host rules and redirects are
 * proven before users meet them. The control is live, asked in the same way: where it does not answer so (a CDN in
 * front that ends TLS, an address that is not reached from here), nothing is concluded.
 */
export async function underProductionName(
  run: Run,
  {
    url,
    live,
    candidate,
  }: { readonly url: string; readonly live: Environment; readonly candidate: Environment },
): Promise<NameVerdict> {
  if (!live.endpoint || !candidate.endpoint)
    return { is: 'not comparable', saw: 'Beanstalk names no address of its own for both environments' }
  const [control, answer] = await Promise.all([
    run.ports.probe.ask(url, run.signal, live.endpoint),
    run.ports.probe.ask(url, run.signal, candidate.endpoint),
  ])
  if (control.is !== 'answer' || !isGood(run, control))
    return {
      is: 'not comparable',
      saw: `${live.name} itself does not answer ${url} at its own address (${inWordsOf(control)})`,
    }
  if (isGood(run, answer) && leads(answer) === leads(control))
    return { is: 'same', saw: `answers ${url} at its own address as ${live.name} does` }
  return {
    is: 'worse',
    saw: `under production's name (${url}) it answers: ${withTarget(answer)}; ${live.name} answers there: ${withTarget(control)}`,
    mend: { why: 'See for yourself; the candidate has no traffic:', command: askAt(url, candidate.endpoint) },
  }
}

/** Where an answer sends users, if anywhere else: a login page, another name. */
const leads = (answer: Answer): string | undefined => {
  if (answer.is !== 'answer' || answer.status < 300 || answer.status > 399) return undefined
  return answer.location ?? 'somewhere else'
}

const withTarget = (answer: Answer): string => {
  const to = leads(answer)
  return to === undefined ? inWordsOf(answer) : `${inWordsOf(answer)} to ${to}`
}
