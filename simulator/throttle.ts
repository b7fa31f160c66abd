import type { Cloud } from './cloud.ts'

/** AWS's token buckets. */
export interface Throttle {
  /** Takes a token; false when there is none left: the call is answered with Throttling. */
  admit(service: string, operation: string): boolean
}

/**
 * DescribeEnvironments and DescribeEvents share a bucket of 2 requests a second, burst 15, per account and region. [issue
 * aws/aws-toolkit-azure-devops#62] (§B) The calls that change something have one of the same size if the switch says so.
 */
export function createThrottle(cloud: Cloud): Throttle {
  const reads = createBucket(cloud)
  const writes = createBucket(cloud)
  return {
    admit(service, operation) {
      if (service !== 'elasticbeanstalk') return true
      if (SHARED.has(operation)) return reads()
      if (READS.test(operation) || !cloud.switches.mutatingCallsThrottled) return true
      return writes()
    },
  }
}

const SHARED = new Set(['DescribeEnvironments', 'DescribeEvents'])
const READS = /^(Describe|List|Check|Retrieve)/
const BURST = 15
const PER_MS = 2 / 1000

function createBucket({ clock }: Cloud): () => boolean {
  let tokens = BURST
  let filledAt = clock.now()
  return () => {
    tokens = Math.min(BURST, tokens + (clock.now() - filledAt) * PER_MS)
    filledAt = clock.now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
