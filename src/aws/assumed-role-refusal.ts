import { Refused, type Remedy, Unreachable } from '../deployment/errors.ts'
import type { Role } from './assumed-role.ts'
import { sentenceOf } from './refusal.ts'
import { troubleOf } from './trouble.ts'

/** What it means that a role could not be assumed: Unreachable for now, Refused for good, with what to do. */
export function roleRefusal(
  thrown: unknown,
  { role, token }: { readonly role: Role; readonly token: string },
): unknown {
  switch (troubleOf(thrown)) {
    case 'foreign':
      return thrown
    case 'not now':
    case 'no answer':
      return new Unreachable(
        `AWS could not be asked for the credentials of ${role.arn}: ${sentenceOf(thrown)}`,
      )
    default: {
      const sentence = sentenceOf(thrown)
      return new Refused(`AWS does not let this job work as ${role.arn}: ${sentence}`, [
        remedyFor(sentence, { role, token }),
      ])
    }
  }
}

function remedyFor(
  sentence: string,
  { role, token }: { readonly role: Role; readonly token: string },
): Remedy {
  const { iss, sub, aud } = claimsOf(token)
  if (/MaxSessionDuration/.test(sentence))
    return {
      why: 'Leave `role-duration` out: the credentials are renewed as often as it takes. Or let the role’s sessions last longer:',
      command: `aws iam update-role --role-name ${role.arn.split('/').at(-1)} --max-session-duration ${role.duration / 1000}`,
    }
  if (/No OpenIDConnect provider/i.test(sentence))
    return {
      why: 'The role’s account does not know GitHub yet. Introduce it once:',
      command: `aws iam create-open-id-connect-provider --url ${iss} --client-id-list ${aud}`,
    }
  return {
    why: `Look at \`role-to-assume\` and at the role’s trust policy: it must allow sts:AssumeRoleWithWebIdentity to the identity provider of ${iss}, for the audience ${aud} and this job, whose \`sub\` is ${sub}.`,
  }
}

/** What the token says about the job; none of it is secret. */
function claimsOf(token: string): Readonly<Record<'iss' | 'sub' | 'aud', string>> {
  const unknown = { iss: 'https://token.actions.githubusercontent.com', sub: 'not known', aud: 'not known' }
  try {
    return {
      ...unknown,
      ...JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
    }
  } catch {
    return unknown
  }
}
