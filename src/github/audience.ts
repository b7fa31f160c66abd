import type { Outcome } from '../deployment/outcome.ts'
import type { Ms, Report } from '../deployment/ports.ts'
import type { World } from '../world.ts'
import { type Client, createClient, type Library } from './client.ts'
import { concealIn, secretsOf } from './conceal.ts'
import { contextOf } from './context.ts'
import { runIdentity } from './run-identity.ts'
import { isTold, type Subject, type Told, tellBeginning, tellEnding } from './tell-github.ts'
import { forAnnotation, forLog } from './text.ts'

/** GitHub's deployments, check and comment. Nothing here ever fails, or delays, an operation. */
export interface Audience {
  /** The report, listened to: GitHub is told that the work begins when the first stage after the lock does. */
  listening(report: Report): Report
  /** Tells how it ended. Takes half a minute at most; less once the job is cancelled. */
  ended(outcome: Outcome): Promise<void>
}

/** With what GitHub is told. */
export interface Means {
  /** Empty: it is told nothing. */
  readonly token: string
  /** Values that must not be told. */
  readonly secrets: readonly string[]
}

/** Everything that is told at the end, together, may take this long. */
const within: Ms = 30_000
/** A cancelled step is ended after ten seconds. */
const withinWhenCancelled: Ms = 4_000

/** Whoever wants to know, if there is a token to tell it with; else nobody. */
export function audienceOf(
  world: World,
  { token, secrets: known, ...subject }: Omit<Subject, 'isPersonal'> & Means,
): Audience {
  const { toolkit, environment, github } = world
  const context = contextOf(environment)
  if (token === '' || !github || !context || !isTold(subject)) return nobody
  if (context.isFromFork) {
    // No line of the workflow changes that.
    toolkit.info('GitHub is told nothing: a pull request from a fork gets a token that may only read.')
    return nobody
  }
  const secrets = secretsOf(environment, [token, ...known])
  const client = clientOf(world, { token, secrets }, github)
  const isPersonal = /^(?:ghp_|github_pat_)/.test(token)
  const parts = {
    client,
    context,
    subject: { ...subject, isPersonal },
    log: runIdentity(environment).link,
  }
  const told = before(toolkit.getState('github'))
  let beginning: Promise<Told> | undefined
  const begin = () => {
    beginning ??= tellBeginning(parts)
    beginning.then((news) => toolkit.saveState('github', JSON.stringify(news))).catch(() => undefined)
  }
  return {
    listening: (report) => ({
      ...report,
      group: (title, work) => {
        if (title === 'Plan') begin()
        return report.group(title, work)
      },
    }),
    async ended(outcome) {
      // The post step goes on where main stopped.
      if (world.cancelled.aborted) return client.close()
      const hurry = () => {
        client.limit(withinWhenCancelled).catch(() => undefined)
      }
      try {
        world.cancelled.addEventListener('abort', hurry, { once: true })
        await client.limit(within)
        const harmless = concealIn(outcome, secrets)
        await tellEnding(parts, beginning === undefined ? told : await beginning, harmless)
      } catch {
        // What GitHub cannot be told, it is not told.
      }
      world.cancelled.removeEventListener('abort', hurry)
      sayTroubles(world, client)
      client.close()
    },
  }
}

const nobody: Audience = { listening: (report) => report, ended: async () => {} }

const clientOf = (
  { clock, environment }: World,
  { token, secrets }: Means,
  load: () => Promise<Library>,
): Client =>
  createClient({
    clock,
    token,
    apiUrl: (environment.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    secrets,
    load,
  })

/** What the main of this job left to its post step. */
function before(state: string): Told {
  try {
    return state === '' ? {} : (JSON.parse(state) as Told)
  } catch {
    return {}
  }
}

/** One warning, with the lines to add; everything else that went wrong is a line of the log. */
function sayTroubles({ toolkit }: World, { missing, troubles }: Client): void {
  if (missing.size > 0) {
    const lines = [...missing].sort().map((line) => `\`${line}\``)
    toolkit.warning(
      forAnnotation(
        `GitHub was not told everything, since the token may not. Add ${lines.join(' and ')} to the \`permissions:\` of the job or the workflow; or turn it off with \`github-environment: none\` (deployments) or \`github-token: ''\` (everything).`,
      ),
    )
  }
  for (const trouble of new Set(troubles)) toolkit.info(forLog(trouble))
}
