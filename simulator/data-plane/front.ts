import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer, Server as SecureServer } from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Authority, Pem } from '../certificates/authority.ts'
import { shownTo } from '../certificates/covers.ts'
import type { AppRequest } from './data-plane.ts'
import { answerItself, forward, refuse, type Target } from './forward.ts'
import type { Decision, Listener } from './listeners.ts'

/** A load balancer (or the nginx of an only instance): a real port for each of its own behind a virtual address. */
export interface Front {
  /** The port of 127.0.0.1 behind one of its own; undefined when it does not listen there. */
  portOf(port: number): number | undefined
  /** What it listens to from now on. */
  listen(listeners: readonly Listener[]): Promise<void>
  close(): Promise<void>
}

/** What a front needs: the target of a request that it passes on, undefined when there is none. */
export interface FrontOrder {
  /** Whose it is. */
  readonly environment: string
  readonly targetOf: (decision: Exclude<Decision, { is: 'answer' }>) => Target | undefined
  /** Who issues the certificates that its HTTPS listeners show. */
  readonly authority: () => Promise<Authority>
}

/**
 * A reverse proxy on 127.0.0.1 that takes its targets in turn. 503 without targets, which no instance sees and
 * nothing counts; 502 when the application does not answer, as nginx on the instance does.
 */
export function createFront({ environment, targetOf, authority }: FrontOrder): Front {
  const open = new Map<number, Serving>()
  const answer =
    (current: () => Listener): RequestListener =>
    (incoming, outgoing) => {
      const listener = current()
      const decision = listener.decide(requestOf(incoming), environment)
      if (decision.is === 'answer') return answerItself(outgoing, decision.response)
      const target = targetOf(decision)
      if (!target) return refuse(outgoing, 503, 'No instance is in service.')
      return void forward(incoming, outgoing, { listener, target, cookies: decision.cookies })
    }

  const serve = async (listener: Listener): Promise<Serving> => {
    const holder: { current: Loaded } = { current: await load(listener, authority) }
    const respond = answer(() => holder.current.listener)
    const server = listener.protocol === 'HTTP' ? createServer(respond) : secureServer(holder, respond)
    server.keepAliveTimeout = IDLE_MS
    const port = await bound(server)
    return Object.assign(holder, { port, server })
  }

  const change = async (serving: Serving, listener: Listener) => {
    serving.current = await load(listener, authority)
    const { shown } = serving.current
    if (shown && serving.server instanceof SecureServer) serving.server.setSecureContext(shown)
  }

  const close = async (port: number) => {
    const serving = open.get(port)
    open.delete(port)
    if (serving) await ended(serving.server)
  }

  return {
    portOf: (port) => open.get(port)?.port,
    async listen(listeners) {
      const gone = [...open].filter(
        ([port, { current }]) =>
          !listeners.some((one) => one.port === port && one.protocol === current.listener.protocol),
      )
      await Promise.all(gone.map(([port]) => close(port)))
      for (const listener of listeners) {
        const serving = open.get(listener.port)
        if (serving) await change(serving, listener)
        else open.set(listener.port, await serve(listener))
      }
    },
    close: async () => {
      await Promise.all([...open.keys()].map(close))
    },
  }
}

/** A request as rules see it. */
function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage): AppRequest {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { method, host: headers.host ?? '', path: url, headers: Object.fromEntries(texts) }
}

/** A load balancer keeps an idle connection for 60 s [ELB classic: config-idle-timeout]; of real time here. */
const IDLE_MS = 60_000

interface Serving {
  readonly server: Server
  readonly port: number
  current: Loaded
}

/** A listener with its certificates as TLS wants them. */
interface Loaded {
  readonly listener: Listener
  /** The default certificate, for clients that name no host. */
  readonly shown: Pem | undefined
  readonly contextFor: (name: string) => SecureContext | undefined
}

const secureServer = (holder: { readonly current: Loaded }, respond: RequestListener): Server =>
  createSecureServer(
    { ...holder.current.shown, SNICallback: (name, done) => done(null, holder.current.contextFor(name)) },
    respond,
  )

async function load(listener: Listener, authority: () => Promise<Authority>): Promise<Loaded> {
  const { certificates } = listener
  const [first] = certificates
  if (!first) return { listener, shown: undefined, contextFor: () => undefined }
  const { issue } = await authority()
  const pems = await Promise.all(certificates.map(issue))
  const contexts = new Map(certificates.map(({ arn }, at) => [arn, createSecureContext(pems[at])]))
  const contextFor = (name: string) => contexts.get((shownTo(name, certificates) ?? first).arn)
  return { listener, shown: pems[0], contextFor }
}

const bound = (server: Server) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })

const ended = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
