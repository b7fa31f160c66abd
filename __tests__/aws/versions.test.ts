import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateApplicationVersionCommand } from '@aws-sdk/client-elastic-beanstalk'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStorage } from '../../src/aws/storage.ts'
import { createVersions } from '../../src/aws/versions.ts'
import { AnswerLost, type Failure, Refused } from '../../src/deployment/errors.ts'
import { type AwsWorld, awsWorld, bucket } from './world.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundles-'))
})
afterAll(() => rm(folder, { recursive: true }))

const zip = Buffer.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 18 }, () => 0)])
const mebibytes = (count: number) => Buffer.alloc(count * 2 ** 20, 'abcdefghijklmnopqrstuvwxyz.')
const digestOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** Versions of a world, and a bundle of this content. */
async function publishing(content: Buffer, world: AwsWorld = awsWorld(), kmsKeyId?: string) {
  const file = join(folder, `${digestOf(content)}.zip`)
  await writeFile(file, content)
  const digest = digestOf(content)
  const closed: string[] = []
  const versions = createVersions({
    clients: world.clients,
    application: 'shop',
    storage: kmsKeyId
      ? createStorage({ clients: world.clients, stateBucket: undefined, kmsKeyId })
      : world.storage,
    pack: async (path) => ({
      file: path,
      bytes: content.length,
      digest,
      extension: 'zip',
      close: async () => {
        closed.push(path)
      },
    }),
  })
  const key = `shop/1.0-${digest.slice(0, 12)}.zip`
  const bundle = await versions.open(file, '1.0')
  return { world, versions, bundle, digest, key, closed }
}

const stored = (world: AwsWorld, key: string) => Buffer.from(world.aws.buckets.read(bucket, key) ?? [])

describe('a bundle', () => {
  it('goes up under its label and content, into a bucket that is made when there is none', async () => {
    const { world, bundle, key, digest, closed } = await publishing(zip)
    expect(world.aws.buckets.has(bucket)).toBe(false)
    expect({ digest: bundle.digest, bytes: bundle.bytes }).toEqual({ digest, bytes: zip.length })
    expect(await world.run(bundle.upload())).toEqual({ bucket, key })
    expect(stored(world, key)).toEqual(zip)
    await bundle.close()
    expect(closed).toHaveLength(1)
  })

  it('is not uploaded twice', async () => {
    const { world, bundle } = await publishing(zip)
    await world.run(bundle.upload())
    const before = world.calls('PutObject').length
    await world.run(bundle.upload())
    expect(
      world
        .calls('PutObject')
        .slice(before)
        .map(({ error }) => error),
    ).toEqual(['PreconditionFailed'])
  })

  it('is not taken for another that lies there', async () => {
    const { world, bundle, key } = await publishing(zip)
    world.aws.buckets.create(bucket)
    world.aws.buckets.put(bucket, key, Buffer.from('something else'))
    await expect(world.run(bundle.upload())).rejects.toThrow(/exists with 14 bytes; the bundle has 22/)
    expect(stored(world, key).toString()).toBe('something else')
  })

  it.each(['answer-lost', 'reset-before', 'server-error', 'throttled', 'unanswered'] as const)(
    'comes up through %s',
    async (fault) => {
      const { world, bundle, key } = await publishing(zip)
      world.aws.buckets.create(bucket)
      world.fault(fault, 'PutObject', { times: 3 })
      await world.run(bundle.upload())
      expect(stored(world, key)).toEqual(zip)
    },
  )

  it('comes up although another upload of it is in the way', async () => {
    const { world, bundle, key } = await publishing(zip)
    world.aws.buckets.create(bucket)
    await world.run(Promise.all([bundle.upload(), bundle.upload()]))
    expect(world.calls('PutObject').map(({ error }) => error)).toContain('ConditionalRequestConflict')
    expect(stored(world, key)).toEqual(zip)
  })

  it('is encrypted with the key that is given, whole or in parts', async () => {
    for (const content of [zip, mebibytes(17)]) {
      const { world, bundle, key } = await publishing(content, awsWorld(), 'alias/shop')
      await world.run(bundle.upload())
      const head = await world.run(world.clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))
      expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/shop' })
    }
  })
})

describe('a large bundle', () => {
  const large = mebibytes(20)

  it('goes up in parts, and arrives as it is', async () => {
    const { world, bundle, key } = await publishing(large)
    await world.run(bundle.upload())
    expect(world.calls('UploadPart')).toHaveLength(3)
    expect(world.calls('PutObject')).toHaveLength(0)
    expect(digestOf(stored(world, key))).toBe(digestOf(large))
  })

  it('is not sent at all when it is there already', async () => {
    const { world, bundle } = await publishing(large)
    await world.run(bundle.upload())
    await world.run(bundle.upload())
    expect(world.calls('CreateMultipartUpload').filter(({ error }) => !error)).toHaveLength(1)
  })

  it('goes up although S3 does not let us look for it first', async () => {
    const { world, bundle, key } = await publishing(large)
    world.fault('denied', 'HeadObject')
    await world.run(bundle.upload())
    expect(stored(world, key)).toHaveLength(large.length)
  })

  it.each(['answer-lost', 'reset-before', 'server-error', 'throttled', 'unanswered'] as const)(
    'comes up through %s at every call',
    async (fault) => {
      const { world, bundle, key } = await publishing(large)
      for (const operation of ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])
        world.fault(fault, operation, { times: 2 })
      await world.run(bundle.upload())
      expect(digestOf(stored(world, key))).toBe(digestOf(large))
    },
  )

  it('leaves no parts behind when it fails', async () => {
    const { world, bundle, key } = await publishing(large)
    world.fault('reset-before', 'UploadPart', { after: 1, times: 100 })
    await expect(world.run(bundle.upload())).rejects.toThrow(AnswerLost)
    expect(world.calls('AbortMultipartUpload').map(({ error }) => error)).toEqual([undefined])
    expect(stored(world, key)).toHaveLength(0)
  })

  it('gives way when the same bundle arrives meanwhile', async () => {
    const { world, bundle, key } = await publishing(large)
    world.aws.buckets.create(bucket)
    await world.run(Promise.all([bundle.upload(), bundle.upload()]))
    expect(digestOf(stored(world, key))).toBe(digestOf(large))
    const begun = world.calls('CreateMultipartUpload').length
    expect(world.calls('AbortMultipartUpload')).toHaveLength(begun - 1)
  })
})

describe('a version', () => {
  it('is created with its digest, processed, and known again', async () => {
    const { world, versions, bundle, digest } = await publishing(zip)
    expect(await world.run(versions.read('1.0', 'with its digest'))).toBeUndefined()
    const source = await world.run(bundle.upload())
    await world.run(versions.create({ label: '1.0', description: 'x'.repeat(300), digest, source }))
    expect(await world.run(versions.read('1.0', 'with its digest'))).toMatchObject({
      label: '1.0',
      state: 'processing',
      digest,
    })
    await world.seconds(60)
    expect(await world.run(versions.read('1.0', 'with its digest'))).toMatchObject({
      state: 'deployable',
      digest,
    })
    expect((await world.run(versions.read('1.0', 'with its digest')))?.created).toBeLessThan(
      world.clock.now(),
    )
  })

  it('that cannot be processed has failed', async () => {
    const { world, versions, digest } = await publishing(zip)
    world.aws.buckets.create(bucket)
    world.aws.buckets.put(bucket, 'no.zip', Buffer.from('this is no zip'))
    const source = { bucket, key: 'no.zip' }
    await world.run(versions.create({ label: '1.0', description: '', digest, source }))
    await world.seconds(60)
    expect(await world.run(versions.read('1.0'))).toMatchObject({ state: 'failed' })
  })

  it('that others made has no digest, and can be deployed unprocessed', async () => {
    const { world, versions } = await publishing(zip)
    const input = { ApplicationName: 'shop', VersionLabel: 'theirs' }
    await world.run(world.clients.beanstalk.send(new CreateApplicationVersionCommand(input)))
    expect(await world.run(versions.read('theirs'))).toMatchObject({ state: 'deployable', digest: undefined })
  })

  it('that is there already with the same content is fine, with another it is not', async () => {
    const { world, versions, bundle, digest } = await publishing(zip)
    const source = await world.run(bundle.upload())
    const version = { label: '1.0', description: '', digest, source }
    world.fault('answer-lost', 'CreateApplicationVersion')
    await world.run(versions.create(version))
    await world.run(versions.create(version))
    const other = world.run(versions.create({ ...version, digest: 'f'.repeat(64) }))
    await expect(other).rejects.toThrow(/already exists/)
    await expect(other).rejects.toBeInstanceOf(Refused)
  })

  it('of an application that is missing says how to create it, and creates none', async () => {
    const { world, digest } = await publishing(zip)
    const { clients, storage } = world
    const pack = () => Promise.reject(new Error('not packed'))
    const versions = createVersions({ clients, application: 'none', storage, pack })
    const source = { bucket, key: 'x.zip' }
    const refused: Failure = await world
      .run(versions.create({ label: '1.0', description: '', digest, source }))
      .then(
        () => Promise.reject(new Error('created')),
        (thrown) => thrown,
      )
    expect(refused).toBeInstanceOf(Refused)
    expect(refused.remedies[0]?.command).toContain("create-application --application-name 'none'")
  })
})

describe('the bucket', () => {
  it('is the one that is given, which is never made', async () => {
    const world = awsWorld({ stateBucket: 'ours' })
    const { bundle } = await publishing(zip, world)
    await expect(world.run(bundle.upload())).rejects.toThrow('There is no bucket ours.')
    expect(world.calls('CreateStorageLocation')).toHaveLength(0)
    expect(world.calls('GetCallerIdentity')).toHaveLength(0)
    world.aws.buckets.create('ours')
    expect(await world.run(bundle.upload())).toMatchObject({ bucket: 'ours' })
  })

  it('is known by asking once who we are, also after an answer that did not come', async () => {
    const world = awsWorld()
    const storage = createStorage({ clients: world.clients, stateBucket: undefined })
    world.fault('unavailable', 'GetCallerIdentity', { times: 8 })
    await expect(world.run(storage.bucket())).rejects.toThrow()
    expect(await world.run(Promise.all([storage.bucket(), storage.bucket()]))).toEqual([bucket, bucket])
    expect(world.calls('GetCallerIdentity')).toHaveLength(9)
  })
})
