import type { Listener } from './listeners.ts'
import type { Split } from './targets.ts'

/** A source bundle as it lies in S3, with the version it belongs to. */
export interface Bundle {
  readonly version: string
  /** The zip's bytes; absent for Beanstalk's sample application (no version). */
  readonly content: Uint8Array | undefined
}

/** What an instance is started with. */
export interface InstanceOrder {
  readonly instance: string
  readonly environment: string
  readonly bundle: Bundle
  /** `aws:elasticbeanstalk:application:environment` of the environment. */
  readonly variables: Readonly<Record<string, string>>
}

/** An HTTP request on its way to an address of the simulated network. */
export interface AppRequest {
  readonly method: string
  readonly host: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A load balancer's own check: answered, but not counted as traffic. */
  readonly check?: boolean
  /** Over TLS, with `host` in the handshake; the client accepts a certificate for that name only. */
  readonly tls?: boolean
  /** From within the VPC, where internal load balancers answer. */
  readonly inside?: boolean
}

/** What a front is opened as. */
export interface FrontShape {
  /** An internal load balancer: a private address at which nothing answers from outside of the VPC. */
  readonly internal?: boolean
  /** Port 80, plain HTTP, when left out. */
  readonly listeners?: readonly Listener[]
}

export interface AppResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an environment answered over the last ten seconds of simulated time. */
export interface Traffic {
  readonly requests: number
  readonly status2xx: number
  readonly status3xx: number
  readonly status4xx: number
  readonly status5xx: number
  /** Seconds. */
  readonly latencies: readonly number[]
}

/**
 * Where applications run and requests arrive. The control plane orders; how long an order takes in simulated time is
 * the control plane's business, so every promise here resolves as soon as it can. Two of them: one of real
 * processes behind real HTTP fronts, one of modelled apps that needs neither sockets nor time.
 */
export interface DataPlane {
  /** Starts the application of an instance. Throws with the last lines of its output when it does not come up. */
  start(order: InstanceOrder): Promise<void>
  /** Replaces the application on a running instance. Throws like `start`; what ran before has ended then. */
  deploy(order: InstanceOrder): Promise<void>
  stop(instance: string): Promise<void>
  /** Ends the application of an instance as if it had crashed: the instance stays, and nothing runs on it. */
  crash(instance: string): Promise<void>
  /** The last lines that the instance's application wrote. */
  log(instance: string): string

  /** Opens the environment's front (its load balancer, or its only instance's address) and answers its IPv4 addresses. */
  openFront(environment: string, shape?: FrontShape): Promise<readonly string[]>
  /** What the front listens to from now on. */
  setListeners(environment: string, listeners: readonly Listener[]): Promise<void>
  /**
   * Which instances the front sends requests to, from now on; a split gives its instances their share first. None: it
   * answers 503.
   */
  setTargets(environment: string, instances: readonly string[], split?: Split): void
  closeFront(environment: string): Promise<void>

  /** GET `path` on one instance, as a load balancer's health check; undefined when nothing answers. */
  check(instance: string, path: string): Promise<number | undefined>
  traffic(environment: string): Traffic
  /** What one instance answered. */
  trafficOf(instance: string): Traffic
  /** Sends a request to an address, `IP` or `IP:PORT`. Throws when nothing listens there, and for a wrong certificate. */
  request(address: string, request: AppRequest): Promise<AppResponse>
  /** Ends everything. */
  close(): Promise<void>
}
