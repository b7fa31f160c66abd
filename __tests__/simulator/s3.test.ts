import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { amzDate } from '../../simulator/wire/authorization.ts'
import { wireWorld } from './wire-world.ts'

const md5 = (content: Uint8Array | string) => createHash('md5').update(content).digest('hex')

function bucketWorld(options: Parameters<typeof wireWorld>[0] = {}) {
  const world = wireWorld(options)
  world.store.create('b')
  const { clock, s3 } = world
  return {
    ...world,
    put: (Key: string, Body: string | Uint8Array | Readable, more: Partial<PutObjectCommandInput> = {}) =>
      clock.run(s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body, ...more }))),
    get: (Key: string, more: { Range?: string; IfNoneMatch?: string; IfMatch?: string } = {}) =>
      clock.run(
        s3.send(new GetObjectCommand({ Bucket: 'b', Key, ...more })).then(async (answer) => ({
          ...answer,
          text: await answer.Body?.transformToString(),
        })),
      ),
    remove: (Key: string, IfMatch?: string) =>
      clock.run(s3.send(new DeleteObjectCommand({ Bucket: 'b', Key, ...(IfMatch ? { IfMatch } : {}) }))),
  }
}

/** A raw signed request to S3. */
async function raw(
  world: ReturnType<typeof wireWorld>,
  request: { method: string; path: string; headers?: Record<string, string>; body?: string },
) {
  const outcome = await world.clock.run(
    world.simulator.handle({
      method: request.method,
      path: request.path,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/s3/aws4_request, Signature=0',
        'x-amz-date': amzDate(world.clock.now()),
        ...request.headers,
      },
      body: Buffer.from(request.body ?? ''),
    }),
  )
  if (typeof outcome === 'string') throw new Error(outcome)
  return { ...outcome, text: Buffer.from(outcome.body).toString('utf8') }
}

describe('objects', () => {
  test('come back as they were put, whatever their key', async () => {
    const world = bucketWorld()
    for (const key of ['app.zip', 'dir/a b+c&d=ä.txt', 'dir//double']) {
      const { ETag } = await world.put(key, 'hello', { Metadata: { run: '7' }, ContentType: 'text/plain' })
      expect(ETag).toBe(`"${md5('hello')}"`)
      expect(await world.get(key)).toMatchObject({
        text: 'hello',
        ETag,
        ContentLength: 5,
        ContentType: 'text/plain',
        Metadata: { run: '7' },
      })
    }
    expect(world.store.keys('b')).toEqual(['app.zip', 'dir//double', 'dir/a b+c&d=ä.txt'])
    expect(world.simulator.bugs).toEqual([])
  })

  test('say when they were written by the simulated clock, in whole seconds', async () => {
    const world = bucketWorld()
    await world.clock.runUntil(Date.UTC(2026, 0, 5, 10, 30, 0, 700))
    await world.put('k', 'x')
    const head = await world.clock.run(world.s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })))
    expect(head.LastModified).toEqual(new Date('2026-01-05T10:30:00Z'))
  })

  test('arrive whole from strings, bytes, streams and iterables', async () => {
    const world = bucketWorld()
    const content = randomBytes(200_000)
    const bodies = [
      content.toString('base64'),
      new Uint8Array(content),
      Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]),
    ]
    for (const [index, body] of bodies.entries()) {
      await world.put(`k${index}`, body, body instanceof Readable ? { ContentLength: content.length } : {})
    }
    expect(Buffer.from(world.store.read('b', 'k0') ?? []).toString()).toBe(content.toString('base64'))
    expect(content.equals(world.store.read('b', 'k1') ?? new Uint8Array())).toBe(true)
    expect(content.equals(world.store.read('b', 'k2') ?? new Uint8Array())).toBe(true)
  })

  test('keep their bytes when the client uses its buffer again', async () => {
    const world = bucketWorld()
    const buffer = Buffer.from('first')
    await world.put('k', buffer)
    buffer.write('other')
    expect(await world.get('k')).toMatchObject({ text: 'first' })
  })

  test.each([
    ['bytes=0-1', 'he', 'bytes 0-1/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-3', 'llo', 'bytes 2-4/5'],
    ['bytes=4-99', 'o', 'bytes 4-4/5'],
  ])('are read in part: %s', async (Range, text, ContentRange) => {
    const world = bucketWorld()
    await world.put('k', 'hello')
    expect(await world.get('k', { Range })).toMatchObject({ text, ContentRange, ContentLength: text.length })
  })

  test('a range beyond the end is refused', async () => {
    const world = bucketWorld()
    await world.put('k', 'hello')
    await expect(world.get('k', { Range: 'bytes=5-' })).rejects.toMatchObject({ name: 'InvalidRange' })
  })

  test('are read only if they are, or are not, what the reader knows', async () => {
    const world = bucketWorld()
    const { ETag = '' } = await world.put('k', 'hello')
    await expect(world.get('k', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    })
    await expect(world.get('k', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await world.get('k', { IfMatch: ETag, IfNoneMatch: '"other"' })).toMatchObject({ text: 'hello' })
  })

  test('with a KMS key have an ETag that is not their MD5', async () => {
    const world = bucketWorld()
    const put = await world.put('k', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/k' })
    expect(put).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/k' })
    expect(put.ETag).not.toBe(`"${md5('x')}"`)
  })

  test('that are missing, and buckets that are missing, say so', async () => {
    const world = bucketWorld()
    await expect(world.get('none')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    })
    const head = (Bucket: string) =>
      world.clock.run(world.s3.send(new HeadObjectCommand({ Bucket, Key: 'none' })))
    await expect(head('b')).rejects.toMatchObject({ name: 'NotFound' })
    const put = world.s3.send(new PutObjectCommand({ Bucket: 'nowhere', Key: 'k', Body: 'x' }))
    await expect(world.clock.run(put)).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(world.remove('none')).resolves.toMatchObject({ $metadata: { httpStatusCode: 204 } })
  })
})

describe('checksums', () => {
  test.each([
    ['x-amz-checksum-crc32', 'AAAAAA==', 'BadDigest'],
    ['x-amz-checksum-crc32', 'AA==', 'InvalidRequest'],
    ['x-amz-checksum-sha256', Buffer.alloc(32).toString('base64'), 'BadDigest'],
    ['content-md5', Buffer.alloc(16).toString('base64'), 'BadDigest'],
    ['content-md5', 'nonsense', 'InvalidDigest'],
    ['x-amz-content-sha256', '0'.repeat(64), 'XAmzContentSHA256Mismatch'],
    ['x-amz-decoded-content-length', '6', 'IncompleteBody'],
  ])('a wrong %s (%s) is refused and nothing is stored', async (header, value, code) => {
    const world = bucketWorld()
    const { status, text } = await raw(world, {
      method: 'PUT',
      path: '/b/k',
      headers: { [header]: value },
      body: 'hello',
    })
    expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining(`<Code>${code}</Code>`) })
    expect(world.store.keys('b')).toEqual([])
  })

  test('a checksum behind the chunks of a stream is verified', async () => {
    const world = bucketWorld()
    const chunked = (checksum: string) =>
      raw(world, {
        method: 'PUT',
        path: '/b/k',
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-trailer': 'x-amz-checksum-crc32',
          'x-amz-decoded-content-length': '5',
        },
        body: `3\r\nhel\r\n2;chunk-signature=abc\r\nlo\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`,
      })
    expect(await chunked('AAAAAA==')).toMatchObject({
      status: 400,
      text: expect.stringContaining('BadDigest'),
    })
    expect(await chunked('NhCmhg==')).toMatchObject({
      status: 200,
      headers: { 'x-amz-checksum-crc32': 'NhCmhg==', etag: `"${md5('hello')}"` },
    })
    expect(Buffer.from(world.store.read('b', 'k') ?? []).toString()).toBe('hello')
  })

  test('a stream that ends too early is refused', async () => {
    const world = bucketWorld()
    const headers = { 'content-encoding': 'aws-chunked' }
    expect(await raw(world, { method: 'PUT', path: '/b/k', headers, body: 'ff\r\nhello' })).toMatchObject({
      status: 400,
      text: expect.stringContaining('IncompleteBody'),
    })
  })
})

describe('conditional writes', () => {
  const IfNoneMatch = '*'

  test('`If-None-Match: *` writes what is not there, once', async () => {
    const world = bucketWorld()
    await world.put('k', 'first', { IfNoneMatch })
    await expect(world.put('k', 'second', { IfNoneMatch })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
    expect(await world.get('k')).toMatchObject({ text: 'first' })
  })

  test('`If-Match` writes over what the writer has seen, and over nothing else', async () => {
    const world = bucketWorld()
    const { ETag: first = '' } = await world.put('k', 'first')
    await world.put('k', 'second', { IfMatch: first })
    await expect(world.put('k', 'third', { IfMatch: first })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    expect(await world.get('k')).toMatchObject({ text: 'second' })
  })

  test.each([
    [404, 'NoSuchKey'],
    [412, 'PreconditionFailed'],
  ] as const)('`If-Match` on a missing key: %i if the switch says so', async (ifMatchOnMissingKey, name) => {
    const world = bucketWorld({ switches: { ifMatchOnMissingKey } })
    await expect(world.put('k', 'x', { IfMatch: '"seen"' })).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: ifMatchOnMissingKey },
    })
  })

  test('a conditional delete removes only what the deleter has seen', async () => {
    const world = bucketWorld()
    const { ETag = '' } = await world.put('k', 'first')
    await expect(world.remove('k', '"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await world.remove('k', ETag)
    expect(world.store.keys('b')).toEqual([])
  })

  test('of two at the same time one is carried out, and the other told of the conflict', async () => {
    const world = bucketWorld()
    const ends = await Promise.allSettled([
      world.put('k', 'one', { IfNoneMatch }),
      world.put('k', 'two', { IfNoneMatch }),
    ])
    expect(ends).toMatchObject([
      { status: 'fulfilled' },
      {
        status: 'rejected',
        reason: { name: 'ConditionalRequestConflict', $metadata: { httpStatusCode: 409 } },
      },
    ])
    expect(await world.get('k')).toMatchObject({ text: 'one' })
    await expect(world.put('k', 'two', { IfNoneMatch })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  test('of other keys do not disturb each other', async () => {
    const world = bucketWorld()
    const ends = await Promise.allSettled([
      world.put('k1', 'one', { IfNoneMatch }),
      world.put('k2', 'two', { IfNoneMatch }),
    ])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  })
})

describe('uploads in parts', () => {
  const big = randomBytes(5 * 1024 * 1024)
  const address = { Bucket: 'b', Key: 'big.zip' }

  async function begun() {
    const world = bucketWorld()
    const run = <T>(work: Promise<T>) => world.clock.run(work)
    const { UploadId } = await run(world.s3.send(new CreateMultipartUploadCommand(address)))
    const part = async (PartNumber: number, Body: Uint8Array) => {
      const { ETag } = await run(
        world.s3.send(new UploadPartCommand({ ...address, UploadId, PartNumber, Body })),
      )
      return { PartNumber, ETag }
    }
    const complete = (
      Parts: { PartNumber: number; ETag: string | undefined }[],
      more: { IfNoneMatch?: string } = {},
    ) =>
      run(
        world.s3.send(
          new CompleteMultipartUploadCommand({
            ...address,
            UploadId,
            MultipartUpload: { Parts: Parts as { PartNumber: number; ETag: string }[] },
            ...more,
          }),
        ),
      )
    return { ...world, UploadId, part, complete, run }
  }

  test('become one object, whose ETag is the MD5 of the MD5s', async () => {
    const world = await begun()
    const tail = Buffer.from('tail')
    const parts = [await world.part(1, big), await world.part(2, tail)]
    expect(world.store.keys('b')).toEqual([])
    const { ETag } = await world.complete(parts)
    await expect(world.complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' })
    const digests = [big, tail].map((part) => createHash('md5').update(part).digest())
    expect(ETag).toBe(`"${md5(Buffer.concat(digests))}-2"`)
    expect(Buffer.concat([big, tail]).equals(world.store.read('b', 'big.zip') ?? new Uint8Array())).toBe(true)
  })

  test('may be completed only where nothing is yet', async () => {
    const world = await begun()
    const parts = [await world.part(1, big)]
    await world.put('big.zip', 'somebody else’s')
    await expect(world.complete(parts, { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await world.remove('big.zip')
    await expect(world.complete(parts, { IfNoneMatch: '*' })).resolves.toMatchObject({ Key: 'big.zip' })
  })

  test('are refused with a wrong part, in a wrong order, or with a small part in the middle', async () => {
    const world = await begun()
    const [one, two, three] = [
      await world.part(1, big),
      await world.part(2, Buffer.from('small')),
      await world.part(3, big),
    ]
    await expect(world.complete([{ PartNumber: 4, ETag: one.ETag }])).rejects.toMatchObject({
      name: 'InvalidPart',
    })
    await expect(world.complete([{ PartNumber: 1, ETag: '"no"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    })
    await expect(world.complete([three, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(world.complete([one, two, three])).rejects.toMatchObject({ name: 'EntityTooSmall' })
  })

  test('are listed until they are aborted, and are gone then', async () => {
    const world = await begun()
    const list = () => world.run(world.s3.send(new ListMultipartUploadsCommand({ Bucket: 'b' })))
    expect((await list()).Uploads).toMatchObject([{ Key: 'big.zip', UploadId: world.UploadId }])
    await world.run(world.s3.send(new AbortMultipartUploadCommand({ ...address, UploadId: world.UploadId })))
    expect((await list()).Uploads ?? []).toEqual([])
    await expect(world.part(1, big)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })
})

describe('buckets', () => {
  test('are made once, found, and say where they are', async () => {
    const { clock, s3, store } = wireWorld()
    await clock.run(s3.send(new CreateBucketCommand({ Bucket: 'home' })))
    await clock.run(
      s3.send(
        new CreateBucketCommand({
          Bucket: 'away',
          CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
        }),
      ),
    )
    expect([store.region('home'), store.region('away')]).toEqual(['us-east-1', 'eu-central-1'])
    const location = (Bucket: string) => clock.run(s3.send(new GetBucketLocationCommand({ Bucket })))
    expect((await location('away')).LocationConstraint).toBe('eu-central-1')
    expect((await location('home')).LocationConstraint || undefined).toBeUndefined()
    const head = (Bucket: string) => clock.run(s3.send(new HeadBucketCommand({ Bucket })))
    expect(await head('away')).toMatchObject({ BucketRegion: 'eu-central-1' })
    await expect(head('nowhere')).rejects.toMatchObject({ name: 'NotFound' })
    await expect(clock.run(s3.send(new CreateBucketCommand({ Bucket: 'Not-Good' })))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    })
  })

  test('are listed in order, by prefix, by folder and in pages', async () => {
    const world = bucketWorld()
    for (const key of ['b/2', 'a', 'b/1', 'c/x/y', 'c d']) world.store.put('b', key, Buffer.from(key))
    const list = async (more: object) => {
      const {
        Contents = [],
        CommonPrefixes = [],
        NextContinuationToken,
      } = await world.clock.run(world.s3.send(new ListObjectsV2Command({ Bucket: 'b', ...more })))
      return {
        keys: Contents.map(({ Key }) => Key),
        prefixes: CommonPrefixes.map(({ Prefix }) => Prefix),
        token: NextContinuationToken,
      }
    }
    expect(await list({})).toEqual({
      keys: ['a', 'b/1', 'b/2', 'c d', 'c/x/y'],
      prefixes: [],
      token: undefined,
    })
    expect(await list({ Prefix: 'b/' })).toMatchObject({ keys: ['b/1', 'b/2'] })
    expect(await list({ Delimiter: '/' })).toMatchObject({ keys: ['a', 'c d'], prefixes: ['b/', 'c/'] })
    const first = await list({ MaxKeys: 3 })
    expect(first.keys).toEqual(['a', 'b/1', 'b/2'])
    expect(await list({ ContinuationToken: first.token })).toMatchObject({
      keys: ['c d', 'c/x/y'],
      token: undefined,
    })
    expect(await list({ StartAfter: 'b/2' })).toMatchObject({ keys: ['c d', 'c/x/y'] })
  })

  test('are named in the path or in the host', async () => {
    const world = bucketWorld()
    world.store.put('b', 'k', Buffer.from('hello'))
    for (const [path, host] of [
      ['/b/k', '127.0.0.1:4566'],
      ['/k', 'b.localhost:4566'],
      ['/k', 'b.s3.us-east-1.amazonaws.com'],
      ['/k', 'b.s3-us-west-2.amazonaws.com'],
    ] as const) {
      expect(await raw(world, { method: 'GET', path, headers: { host } })).toMatchObject({ text: 'hello' })
    }
  })
})

describe('what older clients ask for', () => {
  test('the first ListObjects pages by a marker', async () => {
    const { s3, clock, store } = bucketWorld()
    for (const key of ['a/1', 'a/2', 'b', 'c']) store.put('b', key, Buffer.from(key))
    const list = (more: object = {}) => clock.run(s3.send(new ListObjectsCommand({ Bucket: 'b', ...more })))
    const first = await list({ MaxKeys: 2 })
    expect(first).toMatchObject({ Contents: [{ Key: 'a/1' }, { Key: 'a/2' }], IsTruncated: true, MaxKeys: 2 })
    expect(first.NextMarker).toBeUndefined()
    expect(await list({ Marker: 'a/2' })).toMatchObject({
      Contents: [{ Key: 'b' }, { Key: 'c' }],
      IsTruncated: false,
      Marker: 'a/2',
    })
    expect(await list({ Delimiter: '/', MaxKeys: 1 })).toMatchObject({
      CommonPrefixes: [{ Prefix: 'a/' }],
      NextMarker: 'a/',
    })
  })

  test('ListBuckets tells every bucket', async () => {
    const { s3, clock, store } = bucketWorld()
    store.create('other')
    const { Buckets = [] } = await clock.run(s3.send(new ListBucketsCommand({})))
    expect(Buckets.map(({ Name }) => Name)).toEqual(['b', 'other'])
    expect(Buckets[0]?.CreationDate).toBeInstanceOf(Date)
  })

  test('DeleteObjects deletes what is there, and counts what is not as deleted', async () => {
    const { s3, clock, store } = bucketWorld()
    for (const key of ['a & b', 'c', 'd']) store.put('b', key, Buffer.from(key))
    const remove = (Keys: readonly string[], Quiet?: boolean) =>
      clock.run(
        s3.send(
          new DeleteObjectsCommand({
            Bucket: 'b',
            Delete: { Objects: Keys.map((Key) => ({ Key })), ...(Quiet === undefined ? {} : { Quiet }) },
          }),
        ),
      )
    expect((await remove(['a & b', 'none'])).Deleted).toEqual([{ Key: 'a & b' }, { Key: 'none' }])
    expect((await remove(['c'], true)).Deleted).toBeUndefined()
    expect(store.keys('b')).toEqual(['d'])
    await expect(remove([])).rejects.toMatchObject({ name: 'MalformedXML' })
  })

  test('ListParts tells what of an upload has arrived', async () => {
    const { s3, clock } = bucketWorld()
    const to = { Bucket: 'b', Key: 'large' }
    const { UploadId } = await clock.run(s3.send(new CreateMultipartUploadCommand(to)))
    for (const PartNumber of [2, 1]) {
      await clock.run(
        s3.send(new UploadPartCommand({ ...to, UploadId, PartNumber, Body: `part ${PartNumber}` })),
      )
    }
    const { Parts = [] } = await clock.run(s3.send(new ListPartsCommand({ ...to, UploadId })))
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 6],
      [2, 6],
    ])
  })
})

test('nobody reads without a signature, except by a presigned URL that has not expired', async () => {
  const world = bucketWorld()
  world.store.put('b', 'k', Buffer.from('hello'))
  const get = (path: string) => raw(world, { method: 'GET', path, headers: { authorization: '' } })
  expect(await get('/b/k')).toMatchObject({
    status: 403,
    text: expect.stringContaining('<Code>AccessDenied</Code>'),
  })
  const signature = 'X-Amz-Credential=test%2F20260105%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0'
  const url = `/b/k?${signature}&X-Amz-Date=20260105T090000Z&X-Amz-Expires=900`
  expect(await get(url)).toMatchObject({ status: 200, text: 'hello' })
  await world.clock.runUntil(world.clock.now() + 901_000)
  expect(await get(url)).toMatchObject({ status: 403, text: expect.stringContaining('Request has expired') })
})

test('an operation that the simulator lacks is named', async () => {
  const world = bucketWorld()
  expect(await raw(world, { method: 'GET', path: '/b?policy' })).toMatchObject({
    status: 501,
    text: expect.stringContaining('The simulator has no S3 operation GET bucket?policy='),
  })
})
