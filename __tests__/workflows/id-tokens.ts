import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwt } from '../helpers/jwt.ts'

/** Where a job with `id-token: write` gets its ID token. */
export interface IdTokens {
  /** What a runner sets in the environment of such a job. */
  readonly environment: Readonly<Record<string, string>>
  /** How many were given out. */
  readonly given: () => number
  close(): Promise<void>
}

/** A stand-in for GitHub's endpoint for ID tokens, which the runner does not bring along. */
export async function startIdTokens(): Promise<IdTokens> {
  let count = 0
  const server = createServer((request, response) => {
    const audience = new URL(request.url ?? '/', 'http://localhost').searchParams.get('audience')
    if (request.headers.authorization !== `Bearer ${bearer}` || audience === null) {
      response.writeHead(401).end()
      return
    }
    count += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ value: jwt({ aud: audience }) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    },
    given: () => count,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const bearer = 'of-this-job'
