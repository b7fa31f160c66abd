import type { Clock } from './clock.ts'

export interface SpeedUpOrder {
  readonly clock: Clock
  readonly speed: number
  /** The simulated DNS server's port on 127.0.0.1; node:dns asks the machine's own servers when left out. */
  readonly dnsPort?: number
}

/** Environment variables that let a Node process live in the time of `clock` (and with its DNS), by a preload. */
export function speedUpEnvironment({ clock, speed, dnsPort }: SpeedUpOrder): Record<string, string> {
  const real = performance.timeOrigin + performance.now()
  return {
    NODE_OPTIONS: `--import=${new URL('./speed-up.js', import.meta.url)}`,
    SIMULATOR_TIME: JSON.stringify({ speed, simulated: clock.now(), real }),
    ...(dnsPort !== undefined && { SIMULATOR_DNS: `127.0.0.1:${dnsPort}` }),
  }
}
