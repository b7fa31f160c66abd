import type { Environment } from '../deployment/environment.ts'
import type { Asking } from './read-traffic.ts'

/**
 * What both commands get by environment variables. An endpoint is empty while its environment does not exist, or has none
 * yet; it is the load balancer's name, or the address of a single instance.
 */
export function whatIsWhat(
  { names: [blue, green], pair, ttl }: Pick<Asking, 'names' | 'pair' | 'ttl'>,
  members: readonly Environment[],
): Readonly<Record<string, string>> {
  const of = (name: string) => members.find((member) => member.name === name)
  return {
    BLUE_ENVIRONMENT: blue,
    GREEN_ENVIRONMENT: green,
    BLUE_ENDPOINT: of(blue)?.endpoint ?? '',
    GREEN_ENDPOINT: of(green)?.endpoint ?? '',
    BLUE_CNAME: of(blue)?.cname ?? '',
    GREEN_CNAME: of(green)?.cname ?? '',
    PRODUCTION_NAME: pair.productionName,
    RECORD_TTL: String(Math.round(ttl / 1000)),
  }
}
