import { open } from 'node:fs/promises'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { AnswerLost, Failure, Refused } from '../deployment/errors.ts'
import { patience } from './backoff.ts'
import type { Clients } from './clients.ts'
import { reading, writing } from './errors.ts'
import { uploadInParts } from './multipart.ts'
import { type Arrival, type Passage, readExactly } from './passage.ts'
import type { Storage } from './storage.ts'
import { meaning, statusOf } from './trouble.ts'

/** One file on the runner's disk, ready to go up. */
export interface BundleFile {
  /** Its path. */
  readonly file: string
  readonly bytes: number
  /** SHA-256, in hexadecimal. */
  readonly digest: string
  /** Without a dot: zip, war or jar. */
  readonly extension: string
}

/** Where it goes. */
export interface Destination {
  readonly clients: Clients
  readonly storage: Storage
}

/** Larger files go up in parts. */
const wholeUpTo = 16 * 2 ** 20

/** Puts the file there unless it is there already: the key carries its digest, so what is there has the same content. */
export async function uploadBundle(
  { clients, storage }: Destination,
  { file, bytes }: BundleFile,
  key: string,
): Promise<{ readonly bucket: string; readonly key: string }> {
  const bucket = await storage.bucket()
  const handle = await open(file)
  try {
    const target = { Bucket: bucket, Key: key, ...storage.encryption }
    await bring({ clients, storage, handle, bytes, target })
  } finally {
    await handle.close()
  }
  return { bucket, key }
}

async function bring(passage: Passage): Promise<void> {
  const { clients, bytes, target } = passage
  const isLarge = bytes > wholeUpTo
  // In parts, S3 would tell only after the last of them.
  if (isLarge && (await isThere(passage).catch(unlessHidden))) return
  for (let tries = 1; tries <= patience; tries++) {
    if ((await (isLarge ? uploadInParts : uploadWhole)(passage)) === 'written') return
    if (await isThere(passage)) return
    await clients.backoff('no answer', tries)
  }
  throw new AnswerLost(`S3 goes on reporting a conflict for s3://${target.Bucket}/${target.Key}.`)
}

async function uploadWhole({ clients, storage, handle, bytes, target }: Passage): Promise<Arrival> {
  const Body = await readExactly(handle, Buffer.alloc(bytes), 0)
  return writing({ to: `upload s3://${target.Bucket}/${target.Key}`, action: 's3:PutObject' }, () =>
    storage.write(() =>
      clients.s3
        .send(new PutObjectCommand({ ...target, Body, IfNoneMatch: '*' }))
        .then(() => 'written' as const)
        .catch(meaning('clash', 'PreconditionFailed', 'ConditionalRequestConflict')),
    ),
  )
}

/** Is it there, as long as it should be? Throws Failure when something else is. */
async function isThere({ clients, target, bytes }: Passage): Promise<boolean> {
  const url = `s3://${target.Bucket}/${target.Key}`
  const head = await reading({ to: `look for ${url}`, action: 's3:GetObject' }, () =>
    clients.s3.send(new HeadObjectCommand({ Bucket: target.Bucket, Key: target.Key })).catch((thrown) => {
      if (statusOf(thrown) === 404) return undefined
      throw thrown
    }),
  )
  if (!head) return false
  if (head.ContentLength === bytes) return true
  throw new Failure(`${url} exists with ${head.ContentLength} bytes; the bundle has ${bytes}.`, [
    { why: 'It is not what this action uploads under that name. Look at it:', command: `aws s3 ls '${url}'` },
  ])
}

/** Without s3:ListBucket, S3 calls a missing object denied; then the upload itself will tell. */
function unlessHidden(thrown: unknown): false {
  if (thrown instanceof Refused) return false
  throw thrown
}
