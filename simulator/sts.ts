import { AwsError, type Cloud, type Service } from './cloud.ts'
import type { Sessions } from './sessions.ts'
import { callerArn } from './wire/call-faults.ts'

/** STS, as far as it tells a caller who it is, and gives a workflow's job the credentials of a role. */
export function createSts(cloud: Cloud, sessions: Sessions): Service {
  return {
    scope: 'sts',
    operations: {
      GetCallerIdentity: () => ({
        UserId: 'AROA1234567890EXAMPLE:session',
        Account: cloud.account,
        Arn: callerArn(cloud),
      }),
      AssumeRoleWithWebIdentity: (input: AssumeRole) => assumeRole(input, { cloud, sessions }),
    },
  }
}

interface AssumeRole {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly WebIdentityToken: string
  readonly DurationSeconds?: number
}

/** Every role of the account trusts every issuer; the signature of the token is not verified. [BC:sts] */
function assumeRole(
  { RoleArn, RoleSessionName, WebIdentityToken, DurationSeconds = 3600 }: AssumeRole,
  { cloud, sessions }: { readonly cloud: Cloud; readonly sessions: Sessions },
) {
  const [, partition = '', account = '', role = ''] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn) ?? []
  if (!role) throw new AwsError('ValidationError', `${RoleArn} is invalid`)
  if (account !== cloud.account)
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
  const { sub, aud, iss } = claimsOf(WebIdentityToken, cloud.clock.now())
  const isChina = partition === 'aws-cn'
  if (aud !== (isChina ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'))
    throw new AwsError('InvalidIdentityToken', 'Incorrect token audience')
  return {
    Credentials: sessions.issue(DurationSeconds),
    SubjectFromWebIdentityToken: sub,
    AssumedRoleUser: {
      AssumedRoleId: `AROA1234567890EXAMPLE:${RoleSessionName}`,
      Arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${RoleSessionName}`,
    },
    Provider: `arn:${partition}:iam::${account}:oidc-provider/${iss.replace(/^https:\/\//, '')}`,
    Audience: aud,
  }
}

function claimsOf(token: string, now: number): { readonly sub: string; readonly aud: string; iss: string } {
  const { sub, aud, iss, exp } = parse(token) ?? {}
  if (typeof sub !== 'string' || typeof aud !== 'string' || typeof iss !== 'string')
    throw new AwsError('InvalidIdentityToken', 'The ID Token provided is not a valid JWT.')
  if (typeof exp === 'number' && exp * 1000 <= now)
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time ${exp}`,
    )
  return { sub, aud, iss }
}

function parse(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof payload === 'object' && payload !== null
      ? (payload as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
