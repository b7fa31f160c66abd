import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { wireWorld } from './wire-world.ts'

test('STS tells a caller the account and a role that deploys', async () => {
  const { clock, sts } = wireWorld()
  const answer = await clock.run(sts.send(new GetCallerIdentityCommand()))
  expect(answer).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/deployer/session',
  })
})
