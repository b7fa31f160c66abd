import type { AppRequest } from '../data-plane/data-plane.ts'
import type { ForwardConfig } from './model.ts'

/** The target group that a client's cookie names, as long as the cookie lasts. [ALB:load-balancer-listeners] */
export function stuckTo({ headers = {} }: AppRequest, now: number): string | undefined {
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'cookie')?.[1] ?? ''
  const value = /(?:^|;\s*)AWSALBTG(?:CORS)?=([^;]+)/.exec(header)?.[1]
  if (value === undefined) return undefined
  const [arn, until] = Buffer.from(value, 'base64url').toString().split(' ')
  return Number(until) > now ? arn : undefined
}

/** The two cookies that keep a client on a target group; their time begins anew with every answer. [ALB:sticky-sessions] */
export function sticking(arn: string, config: ForwardConfig | undefined, now: number): readonly string[] {
  const { Enabled, DurationSeconds = 0 } = config?.TargetGroupStickinessConfig ?? {}
  if (!Enabled) return []
  const until = now + DurationSeconds * 1_000
  // AWS encrypts it; nobody but the load balancer may read it.
  const value = Buffer.from(`${arn} ${until}`).toString('base64url')
  const rest = `Expires=${new Date(until).toUTCString()}; Path=/`
  return [`AWSALBTG=${value}; ${rest}`, `AWSALBTGCORS=${value}; ${rest}; SameSite=None; Secure`]
}
