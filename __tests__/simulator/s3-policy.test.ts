import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { wireWorld } from './wire-world.ts'

const put = { Bucket: 'b', Key: 'k', Body: 'x' }

test('a bucket that wants encryption by KMS takes nothing without it', async () => {
  const { store, s3, clock } = wireWorld()
  store.create('b')
  store.setPolicy('b', { requires: 'aws:kms' })
  await expect(clock.run(s3.send(new PutObjectCommand(put)))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /s3:PutObject on resource: "arn:aws:s3:::b\/k" with an explicit deny in a resource-based policy$/,
    ),
  })
  await clock.run(s3.send(new PutObjectCommand({ ...put, ServerSideEncryption: 'aws:kms' })))
  expect(store.keys('b')).toEqual(['k'])
})

test('a bucket whose policy denies an operation still does the others', async () => {
  const { store, s3, clock } = wireWorld()
  store.create('b')
  store.setPolicy('b', { denies: ['GetObject'] })
  await clock.run(s3.send(new PutObjectCommand(put)))
  const get = new GetObjectCommand({ Bucket: 'b', Key: 'k' })
  await expect(clock.run(s3.send(get))).rejects.toMatchObject({ name: 'AccessDenied' })
})
