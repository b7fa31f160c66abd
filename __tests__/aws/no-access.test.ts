import { expect, it } from 'vitest'
import { noAccess } from '../../src/aws/no-access.ts'
import { createStorage } from '../../src/aws/storage.ts'
import { awsWorld } from './world.ts'

const asked = { to: 'write s3://state/key', action: 's3:PutObject' }
const denied = (message: string) =>
  Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })

it('names the bucket that was given, in the partition of the credentials', async () => {
  const { clients, run } = awsWorld()
  const storage = createStorage({ clients, stateBucket: 'state' })
  const { message, remedies } = await run(noAccess(asked, denied('Access Denied'), storage))
  expect(message).toBe('s3:PutObject is not allowed, so AWS did not write s3://state/key: Access Denied')
  expect(remedies[0]?.command).toContain(
    '"Resource":["arn:aws:s3:::state","arn:aws:s3:::state/blue-green/*"]',
  )
  expect(remedies[1]?.why).toContain('`lock: none`')
})

it('keeps to the action that AWS names when it is not the bucket’s', async () => {
  const { clients, run } = awsWorld()
  const storage = createStorage({ clients, stateBucket: 'state' })
  const sentence =
    'User: u is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:::key/k because no identity-based policy allows it'
  const { remedies } = await run(noAccess(asked, denied(sentence), storage))
  expect(remedies[0]?.command).toContain('"Action":"kms:GenerateDataKey"')
  expect(remedies[1]?.why).toContain('`lock: none`')
})

it('needs no answer about the credentials to name the bucket', async () => {
  const world = awsWorld()
  world.fault('denied', 'GetCallerIdentity')
  const storage = createStorage({ clients: world.clients, stateBucket: 'state' })
  expect(await world.run(storage.arn())).toBe('arn:aws:s3:::state')
})
