import type { Instant } from '../deployment/ports.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Keys as they stand in the environment. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * The keys that stand in the environment, as the SDK's own chain would take them (a profile goes before them);
 * everything else is left to that chain.
 */
export function keysIn(environment: Variables): Keys | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = environment
  if (AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  }
}

/**
 * When the environment's keys end, by AWS's clock, if it says so: AWS_CREDENTIAL_EXPIRATION, the name that the SDKs
 * read. All other sources of the chain are asked again by the SDK before what they gave ends.
 */
export function endOfKeys(environment: Variables): Instant | undefined {
  const { AWS_CREDENTIAL_EXPIRATION } = environment
  if (!keysIn(environment) || !AWS_CREDENTIAL_EXPIRATION) return undefined
  const end = Date.parse(AWS_CREDENTIAL_EXPIRATION)
  return Number.isNaN(end) ? undefined : end
}
