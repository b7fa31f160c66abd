import type { Client } from './client.ts'
import type { Context } from './context.ts'

/** What is deployed, and where GitHub shows it. */
export interface Deployed {
  /** The name of GitHub's environment. */
  readonly environment: string
  /** What tells deployments of this pair from those of others in the same environment. */
  readonly pair: string
  readonly version: string
  /** The job's page. */
  readonly log: string | undefined
}

/** Where deployments are told. */
export interface Deployments {
  readonly client: Client
  readonly context: Context
  readonly deployed: Deployed
}

/** A deployment of this pair that GitHub knows. */
export interface Known {
  readonly id: number
  readonly version: string
  /** Its last status. */
  readonly state: string | undefined
}

/** GitHub shows the newest ones; of older ones nobody asks. */
const lookedAt = 10

/** The newest deployments of this pair, newest first, with their state. */
export async function deploymentsOf({ client, context, deployed }: Deployments): Promise<readonly Known[]> {
  const { environment, pair } = deployed
  const listed = await client.tell({
    needs: 'deployments: write',
    what: 'what is live',
    repeatable: true,
    send: (rest, request) =>
      rest.repos.listDeployments({ ...context.repo, environment, per_page: 100, request }),
  })
  const ours = (listed ?? [])
    .map(({ id, payload }) => ({ id, ...payloadOf(payload) }))
    .filter((one) => one.pair === pair)
    .slice(0, lookedAt)
  return Promise.all(
    ours.map(async ({ id, version }) => {
      const statuses = await client.tell({
        needs: 'deployments: write',
        what: 'what is live',
        repeatable: true,
        send: (rest, request) =>
          rest.repos.listDeploymentStatuses({ ...context.repo, deployment_id: id, per_page: 1, request }),
      })
      return { id, version, state: statuses?.[0]?.state }
    }),
  )
}

/** GitHub answers a payload as it was given, or as a text of JSON. */
function payloadOf(payload: unknown): { readonly pair: string; readonly version: string } {
  const { pair, version } = (typeof payload === 'string' ? parsed(payload) : payload) as Record<
    string,
    unknown
  >
  return { pair: String(pair), version: String(version) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
