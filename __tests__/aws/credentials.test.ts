import { expect, it } from 'vitest'
import { endOfKeys } from '../../src/aws/credentials.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'test' }
const AWS_CREDENTIAL_EXPIRATION = '2026-01-05T10:30:00Z'

it('keys in the environment end when the environment says so', () => {
  expect(endOfKeys({ ...keys, AWS_CREDENTIAL_EXPIRATION })).toBe(Date.parse(AWS_CREDENTIAL_EXPIRATION))
})

it.each([
  ['it does not say', keys],
  ['it says nothing that can be read', { ...keys, AWS_CREDENTIAL_EXPIRATION: 'in an hour' }],
  ['the keys are not what is used', { ...keys, AWS_CREDENTIAL_EXPIRATION, AWS_PROFILE: 'deploy' }],
  ['there are no keys', { AWS_CREDENTIAL_EXPIRATION }],
])('nobody knows when the credentials end when %s', (_, environment) => {
  expect(endOfKeys(environment)).toBeUndefined()
})
