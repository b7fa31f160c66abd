import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { AnswerLost } from '../deployment/errors.ts'
import { writing } from './errors.ts'
import { type Arrival, type Passage, readExactly } from './passage.ts'
import { meaning } from './trouble.ts'

const partSize = 8 * 2 ** 20

/** Uploads in parts out of one buffer that is used again, so that memory stays flat; what fails leaves no parts behind. */
export async function uploadInParts(passage: Passage): Promise<Arrival> {
  const { clients, storage, target } = passage
  const { UploadId } = await writing(asked(passage), () =>
    storage.write(() => clients.s3.send(new CreateMultipartUploadCommand(target))),
  )
  if (!UploadId) throw new AnswerLost('S3 began an upload without saying its id.')
  let arrival: Arrival = 'clash'
  try {
    const etags = await sendParts(passage, UploadId)
    arrival = await complete(passage, UploadId, etags)
    return arrival
  } finally {
    if (arrival !== 'written') await abort(passage, UploadId)
  }
}

/** One after the other: the SDK sends a part again out of the same buffer when it has to. */
async function sendParts(passage: Passage, UploadId: string): Promise<readonly string[]> {
  const { clients, handle, bytes, target } = passage
  const buffer = Buffer.alloc(partSize)
  const etags: string[] = []
  for (let position = 0; position < bytes; position += partSize) {
    const Body = await readExactly(handle, buffer.subarray(0, Math.min(partSize, bytes - position)), position)
    const part = { Bucket: target.Bucket, Key: target.Key, UploadId, PartNumber: etags.length + 1, Body }
    const { ETag } = await writing(asked(passage), () => clients.s3.send(new UploadPartCommand(part)))
    etags.push(ETag ?? '')
  }
  return etags
}

/** An upload that is not known any more was completed by a request whose answer was lost: looking will tell. */
function complete(passage: Passage, UploadId: string, etags: readonly string[]): Promise<Arrival> {
  const { clients, target } = passage
  const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))
  const { Bucket, Key } = target
  const input = { Bucket, Key, UploadId, IfNoneMatch: '*', MultipartUpload: { Parts } }
  return writing(asked(passage), () =>
    clients.s3
      .send(new CompleteMultipartUploadCommand(input))
      .then(() => 'written' as const)
      .catch(meaning('clash', 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchUpload')),
  )
}

/** What cannot be aborted either is of no use to anybody, and what failed before is what matters. */
async function abort({ clients, target: { Bucket, Key } }: Passage, UploadId: string): Promise<void> {
  await clients.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {})
}

const asked = ({ target }: Passage) => ({
  to: `upload s3://${target.Bucket}/${target.Key} in parts`,
  action: ['s3:PutObject', 's3:AbortMultipartUpload'],
})
