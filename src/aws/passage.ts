import type { FileHandle } from 'node:fs/promises'
import { Failure } from '../deployment/errors.ts'
import type { Clients } from './clients.ts'
import type { Storage } from './storage.ts'

/** A file on its way to its place. */
export interface Passage {
  readonly clients: Clients
  readonly storage: Storage
  readonly handle: FileHandle
  readonly bytes: number
  readonly target: {
    readonly Bucket: string
    readonly Key: string
    readonly ServerSideEncryption?: 'aws:kms'
    readonly SSEKMSKeyId?: string
  }
}

/** `clash`: something is there already, or another write was in the way. */
export type Arrival = 'written' | 'clash'

/** Fills the buffer from the file's bytes at `position`. Throws Failure when the file has become shorter. */
export async function readExactly(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  for (let filled = 0; filled < buffer.length; ) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) throw new Failure('The bundle changed on disk while it was uploaded.')
    filled += bytesRead
  }
  return buffer
}
