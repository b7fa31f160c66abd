import type { Call } from '../cloud.ts'
import { requestId } from './ids.ts'
import type { Region } from './region.ts'

/** A call that no client of the simulator sent: a human's in the console, or AWS's own. */
export function callByItself({ cloud }: Region, operation: string): Call {
  return { service: 'elasticbeanstalk', operation, requestId: requestId(cloud.random) }
}
