import type { Cloud } from './cloud.ts'

/** AWS's token buckets. */
export interface Throttle {
  /** Takes a token; false when there is none left: the call is answered with Throttling. */
  admit(call: Throttled): boolean
}

/** What a bucket is chosen by. */
export interface Throttled {
  readonly service: string
  readonly operation: string
  readonly account: string
}

/**
 * DescribeEnvironments and DescribeEvents share a bucket of 2 requests a second, burst 15, per account and region. [issue
 * aws/aws-toolkit-azure-devops#62] (§B) The calls that change something have one of the same size if the switch says so.
 * Route 53: 5 requests a second for each account, all of its zones and callers together. [R53:DNSLimitations] (§B)
 */
export function createThrottle(cloud: Cloud): Throttle {
  const reads = createBucket(cloud, ENVIRONMENTS)
  const writes = createBucket(cloud, ENVIRONMENTS)
  const zones = new Map<string, () => boolean>()
  return {
    admit({ service, operation, account }) {
      if (service === 'route53') {
        const bucket = zones.get(account) ?? createBucket(cloud, ZONES)
        zones.set(account, bucket)
        return bucket()
      }
      if (service !== 'elasticbeanstalk') return true
      if (SHARED.has(operation)) return reads()
      if (READS.test(operation) || !cloud.switches.mutatingCallsThrottled) return true
      return writes()
    },
  }
}

const SHARED = new Set(['DescribeEnvironments', 'DescribeEvents'])
const READS = /^(Describe|List|Check|Retrieve)/
const ENVIRONMENTS = { burst: 15, perMs: 2 / 1000 }
/** How many at once is assumed: no source says. */
const ZONES = { burst: 5, perMs: 5 / 1000 }

function createBucket(
  { clock }: Cloud,
  { burst, perMs }: { readonly burst: number; readonly perMs: number },
): () => boolean {
  let tokens = burst
  let filledAt = clock.now()
  return () => {
    tokens = Math.min(burst, tokens + (clock.now() - filledAt) * perMs)
    filledAt = clock.now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
