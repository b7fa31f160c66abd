import * as s3 from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { wireWorld } from './wire-world.ts'

test('an object comes back as it was put', async () => {
  const { clock, s3: client, store } = wireWorld()
  store.create('b')
  const got = clock.run(
    (async () => {
      await client.send(
        new s3.PutObjectCommand({ Bucket: 'b', Key: 'dir/a b+c.txt', Body: 'hello', Metadata: { x: 'y' } }),
      )
      const got = await client.send(new s3.GetObjectCommand({ Bucket: 'b', Key: 'dir/a b+c.txt' }))
      return { ...got, text: await got.Body?.transformToString() }
    })(),
  )
  const x = await got
  expect(x).toMatchObject({ text: 'hello', Metadata: { x: 'y' }, ETag: '"5d41402abc4b2a76b9719d911017c592"' })
})
