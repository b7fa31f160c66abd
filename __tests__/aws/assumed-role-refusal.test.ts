import { expect, it } from 'vitest'
import { roleRefusal } from '../../src/aws/assumed-role-refusal.ts'
import { type Refused, Unreachable } from '../../src/deployment/errors.ts'
import { jwt } from '../helpers/jwt.ts'

const role = { arn: 'arn:aws:iam::123456789012:role/teams/deploy', sessionName: 'job', duration: 14_400_000 }
const refused = (name: string, message: string) =>
  roleRefusal(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }), {
    role,
    token: jwt(),
  })

it('a session that is too long for the role says how to make it fit', () => {
  const failure = refused(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  ) as Refused
  expect(failure.remedies[0]?.why).toContain('Leave `role-duration` out')
  expect(failure.remedies[0]?.command).toBe(
    'aws iam update-role --role-name deploy --max-session-duration 14400',
  )
})

it('an account that does not know GitHub is introduced to it', () => {
  const failure = refused(
    'InvalidIdentityTokenException',
    'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
  ) as Refused
  expect(failure.remedies[0]?.command).toBe(
    'aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com',
  )
})

it('that STS did not reach GitHub is no refusal', () => {
  expect(refused('IDPCommunicationErrorException', 'An error occurred')).toBeInstanceOf(Unreachable)
})

it('a mistake of ours stays one', () => {
  const bug = new TypeError('undefined is not a function')
  expect(roleRefusal(bug, { role, token: '' })).toBe(bug)
})
