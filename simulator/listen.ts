import { once } from 'node:events'
import type { Server } from 'node:http'

/** A server of this machine's own. */
export interface Listening {
  readonly port: number
  readonly url: string
  /** Ends every connection, answered or not. */
  close(): Promise<void>
}

/** Listens on 127.0.0.1; port 0 is any that is free. Throws (EADDRINUSE) when the port is taken. */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
