import { AwsError, type Caller, type Cloud, type Service } from './cloud.ts'
import type { Sessions } from './sessions.ts'
import { callerArn } from './wire/call-faults.ts'

/** STS, as far as it tells a caller who it is, and gives out the credentials of roles, of whatever account. */
export function createSts(cloud: Cloud, sessions: Sessions): Service {
  return {
    scope: 'sts',
    operations: {
      GetCallerIdentity: (_, { caller }) => ({
        UserId: caller?.userId ?? 'AROA1234567890EXAMPLE:session',
        Account: caller?.account ?? cloud.account,
        Arn: caller?.arn ?? callerArn(cloud),
      }),
      AssumeRole: (input: AssumeRole, { caller }) =>
        assumeRole(input, { sessions, isChained: caller !== undefined }),
      AssumeRoleWithWebIdentity: (input: AssumeRoleWithWebIdentity) =>
        assumeRoleWithWebIdentity(input, { cloud, sessions }),
    },
  }
}

interface AssumeRole {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly DurationSeconds?: number
}

interface AssumeRoleWithWebIdentity extends AssumeRole {
  readonly WebIdentityToken: string
}

/**
 * Every role of every account trusts every caller, and may do everything in its account. A role that was assumed with the
 * credentials of another one lasts an hour at most. [BC:sts AssumeRole]
 */
function assumeRole(
  { RoleArn, RoleSessionName, DurationSeconds = 3600 }: AssumeRole,
  { sessions, isChained }: { readonly sessions: Sessions; readonly isChained: boolean },
) {
  if (isChained && DurationSeconds > 3600)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  const { caller } = readRole(RoleArn, RoleSessionName)
  return {
    Credentials: sessions.issue(DurationSeconds, caller),
    AssumedRoleUser: { AssumedRoleId: caller.userId, Arn: caller.arn },
  }
}

/** Every role of the account trusts every issuer; the signature of the token is not verified. [BC:sts] */
function assumeRoleWithWebIdentity(
  { RoleArn, RoleSessionName, WebIdentityToken, DurationSeconds = 3600 }: AssumeRoleWithWebIdentity,
  { cloud, sessions }: { readonly cloud: Cloud; readonly sessions: Sessions },
) {
  const { caller, partition } = readRole(RoleArn, RoleSessionName)
  const { account } = caller
  if (account !== cloud.account)
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
  const { sub, aud, iss } = claimsOf(WebIdentityToken, cloud.clock.now())
  const isChina = partition === 'aws-cn'
  if (aud !== (isChina ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'))
    throw new AwsError('InvalidIdentityToken', 'Incorrect token audience')
  return {
    Credentials: sessions.issue(DurationSeconds, caller),
    SubjectFromWebIdentityToken: sub,
    AssumedRoleUser: { AssumedRoleId: caller.userId, Arn: caller.arn },
    Provider: `arn:${partition}:iam::${account}:oidc-provider/${iss.replace(/^https:\/\//, '')}`,
    Audience: aud,
  }
}

function readRole(arn: string, session: string): { readonly caller: Caller; readonly partition: string } {
  const [, partition = '', account = '', role = ''] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? []
  if (!role) throw new AwsError('ValidationError', `${arn} is invalid`)
  const userId = `AROA1234567890EXAMPLE:${session}`
  return {
    caller: { account, userId, arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${session}` },
    partition,
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
