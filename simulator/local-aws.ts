import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from './certificates/authority.ts'
import { realClock } from './clock.ts'
import { createProcesses, type Processes } from './data-plane/processes.ts'
import { startDnsServer } from './dns/server.ts'
import { serveSimulator } from './http-server.ts'
import { startProxy } from './proxy.ts'
import { createSimulator, type Simulator } from './simulator.ts'
import type { Switches } from './switches.ts'

export interface LocalAwsOrder {
  /** Of the AWS endpoint; 0 or left out: any that is free. */
  readonly port?: number
  readonly dnsPort?: number
  readonly proxyPort?: number
  /** How many times as fast as real time; 1 when left out. */
  readonly speed?: number
  readonly region?: string
  readonly throttling?: boolean
  readonly switches?: Partial<Switches>
}

/** A local AWS that listens. */
export interface LocalAws {
  readonly simulator: Simulator
  readonly dataPlane: Processes
  /** AWS_ENDPOINT_URL. */
  readonly url: string
  /** HTTP_PROXY and HTTPS_PROXY: through it any HTTP client reaches the simulated names. */
  readonly proxyUrl: string
  /** NODE_EXTRA_CA_CERTS: a file with the certificate of who issues what fronts show. */
  readonly caFile: string
  /** Of 127.0.0.1, UDP and TCP. */
  readonly dnsPort: number
  /** Ends everything: the servers, and the applications that run in environments. */
  close(): Promise<void>
}

/** Starts a local AWS in real time: endpoint, DNS server, forward proxy, real applications. Throws (EADDRINUSE) when a port is taken. */
export async function startLocalAws(order: LocalAwsOrder = {}): Promise<LocalAws> {
  const { port = 0, dnsPort = 0, proxyPort = 0, speed = 1 } = order
  const clock = realClock({ speed })
  const workDirectory = await mkdtemp(join(tmpdir(), 'simulator-'))
  const authority = await createAuthority()
  const caFile = join(workDirectory, 'ca.pem')
  await writeFile(caFile, authority.cert)
  const dataPlane = createProcesses({ clock, workDirectory, authority })
  const simulator = createSimulator({
    clock,
    dataPlane,
    ca: authority.cert,
    ...(order.region !== undefined && { region: order.region }),
    ...(order.throttling !== undefined && { throttling: order.throttling }),
    ...(order.switches !== undefined && { switches: order.switches }),
    honestTime: () => spanOf(Date.now(), clock.now()),
  })
  const ends: (() => Promise<void>)[] = [
    () => rm(workDirectory, { recursive: true, force: true }),
    () => simulator.close(),
  ]
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const server = await serveSimulator(simulator, port)
    ends.push(() => server.close())
    const dns = await startDnsServer({ names: simulator.names, port: dnsPort })
    ends.push(() => dns.close())
    const resolve = (name: string) =>
      simulator.names.resolve(name).flatMap(({ type, data }) => (type === 'A' ? [data] : []))
    const proxy = await startProxy({
      resolve,
      portOf: dataPlane.portOf,
      port: proxyPort,
    })
    ends.push(() => proxy.close())
    return { simulator, dataPlane, url: server.url, proxyUrl: proxy.url, caFile, dnsPort: dns.port, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Clients may live in real time or in the simulator's, or have been sped up later than it was. */
const spanOf = (real: number, simulated: number) => ({
  earliest: Math.min(real, simulated),
  latest: Math.max(real, simulated),
})
