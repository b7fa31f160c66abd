import { CreateBucketCommand } from '@aws-sdk/client-s3'
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { inProcess } from '../../simulator/in-process.ts'
import { jwt } from '../helpers/jwt.ts'
import { wireWorld } from './wire-world.ts'

const role = 'arn:aws:iam::123456789012:role/deploy'

/** A client that has no credentials, and one with those that it is given. */
function withoutCredentials() {
  const world = wireWorld()
  const requestHandler = inProcess(world.simulator)
  const config = { region: 'us-east-1', requestHandler, maxAttempts: 1 }
  const sts = new STSClient(config)
  const assume = (changes: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
    world.clock.run(
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: role,
          RoleSessionName: 'job',
          WebIdentityToken: jwt({ aud: 'sts.amazonaws.com' }),
          ...changes,
        }),
      ),
    )
  return { ...world, config, assume }
}

test('STS tells a caller the account and a role that deploys', async () => {
  const { clock, sts } = wireWorld()
  const answer = await clock.run(sts.send(new GetCallerIdentityCommand()))
  expect(answer).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/deployer/session',
  })
})

test('a role is assumed without credentials, for an hour when nothing else is asked for', async () => {
  const { clock, assume } = withoutCredentials()
  const answer = await assume()
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:acme/shop:ref:refs/heads/main',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/job' },
    Audience: 'sts.amazonaws.com',
  })
  const lifetime = (answer.Credentials?.Expiration?.getTime() ?? 0) - clock.now()
  expect(lifetime).toBeGreaterThan(3_598_000)
  expect(lifetime).toBeLessThanOrEqual(3_600_000)
})

test('credentials of an assumed role work until they end, and then no call with them does', async () => {
  const { clock, config, assume, s3 } = withoutCredentials()
  const { Credentials } = await assume({ DurationSeconds: 900 })
  const sts = new STSClient({
    ...config,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  await clock.run(sts.send(new GetCallerIdentityCommand()))
  await clock.runUntil(clock.now() + 901_000)
  await expect(clock.run(sts.send(new GetCallerIdentityCommand()))).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
    $metadata: { httpStatusCode: 403 },
  })
  // Others' credentials are nobody's business.
  await clock.run(s3.send(new CreateBucketCommand({ Bucket: 'state' })))
})

test.each([
  ['no JWT', { WebIdentityToken: 'a.b.c' }, 'InvalidIdentityTokenException'],
  ['another audience', { WebIdentityToken: jwt({ aud: 'example.com' }) }, 'InvalidIdentityTokenException'],
  ['a token that is over', { WebIdentityToken: jwt({ exp: 1 }) }, 'ExpiredTokenException'],
  ["another account's role", { RoleArn: 'arn:aws:iam::000000000000:role/deploy' }, 'AccessDenied'],
  ['no role', { RoleArn: 'arn:aws:iam::123456789012:user/deploy' }, 'ValidationError'],
  ['fourteen minutes', { DurationSeconds: 840 }, 'ValidationError'],
])('a role is not assumed with %s', async (_, changes, name) => {
  await expect(withoutCredentials().assume(changes)).rejects.toMatchObject({ name })
})
