import type { Call } from '../cloud.ts'
import { denied } from '../wire/call-faults.ts'
import type { Region } from './region.ts'

/** Answers what the simulator's account may not do: custom platforms, and environments that come in groups. [log] */
export function notAllowed({ cloud }: Region, { service, operation }: Call): never {
  throw denied({ action: `${service}:${operation}`, resource: '*' }, cloud)
}
