import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AppRequest, AppResponse } from './data-plane.ts'

/**
 * Sends a request to a port of 127.0.0.1 over a connection of its own; with `ca` over TLS, under the host's name.
 * Throws when nothing answers within 10 s (real).
 */
export const sendTo = (port: number, order: AppRequest, ca?: string): Promise<AppResponse> =>
  new Promise((resolve, reject) => {
    const request = ca === undefined ? plainRequest : secureRequest
    const outgoing = request({
      ...(ca !== undefined && { ca, servername: order.host.replace(/:\d+$/, '') }),
      host: '127.0.0.1',
      port,
      method: order.method,
      path: order.path,
      headers: { ...order.headers, host: order.host },
      agent: false,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    outgoing.once('error', reject).once('response', async (incoming) => {
      try {
        const parts: Buffer[] = []
        for await (const part of incoming) parts.push(part)
        const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(headers),
          body: Buffer.concat(parts).toString('utf8'),
        })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.end()
  })

const ANSWER_WITHIN_MS = 10_000
