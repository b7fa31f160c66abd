import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Failure } from '../deployment/errors.ts'
import { zipFolder } from './zip-folder.ts'

/** A bundle on the runner's disk. */
export interface PackedBundle {
  readonly file: string
  readonly bytes: number
  /**
   * SHA-256, in hex, by which the same content is known again: of the file, or for a folder of its files' paths,
   * modes and contents, since another version of zlib makes another zip of them.
   */
  readonly digest: string
  /** What its name must end in, for Beanstalk. */
  readonly extension: 'zip' | 'war' | 'jar'
  /** Removes what was written to disk on the way. */
  close(): Promise<void>
}

/** The most that Beanstalk takes, in bytes [DG:applications-sourcebundle]. */
const mebibyte = 1024 * 1024
const most = 512 * mebibyte

/**
 * Makes ready what the version consists of: a zip, war or jar as it is, a folder zipped to a file below `temporary`.
 * Never holds it in memory. Throws a Failure when there is nothing, when it is no such file, or when it is larger than
 * Beanstalk takes.
 */
export async function pack(path: string, temporary: string = tmpdir()): Promise<PackedBundle> {
  const found = await stat(path).catch(() => undefined)
  if (!found)
    throw new Failure(`The package ${path} does not exist.`, [
      { why: 'Build it in an earlier step, and give its path relative to the workspace as `package`.' },
    ])
  if (found.isDirectory()) return folder(path, temporary)
  const extension = await extensionOf(path, found.size)
  const bundle = { file: path, bytes: found.size, extension, close: async () => {} }
  refuseTooLarge(path, found.size)
  return { ...bundle, digest: await digestOf(path) }
}

async function folder(path: string, temporary: string): Promise<PackedBundle> {
  const bundle = await zipFolder(path, temporary)
  try {
    refuseTooLarge(path, bundle.bytes)
    return bundle
  } catch (thrown) {
    await bundle.close()
    throw thrown
  }
}

function refuseTooLarge(path: string, bytes: number): void {
  if (bytes <= most) return
  const size = `${Math.ceil(bytes / mebibyte)} MB`
  throw new Failure(`The package ${path} has ${size}, and Beanstalk takes ${most / mebibyte} MB at most.`, [
    { why: 'Leave out what the application does not need, with an `.ebignore` file in its folder.' },
  ])
}

/** By its name, and only if it begins as every zip does; a war or jar is one. */
async function extensionOf(path: string, bytes: number): Promise<PackedBundle['extension']> {
  const extension = (['zip', 'war', 'jar'] as const).find((one) => path.toLowerCase().endsWith(`.${one}`))
  if (!extension)
    throw new Failure(`The package ${path} is no zip, war or jar file, and no folder.`, [
      { why: 'Give the folder that holds it, or zip it first.' },
    ])
  if (bytes === 0) throw new Failure(`The package ${path} is empty.`)
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1') === 'PK\u0003\u0004') return extension
    throw new Failure(`The package ${path} is named like an archive but is none, or an empty one.`)
  } finally {
    await file.close()
  }
}

/** Through one buffer: a stream's own would be garbage by the thousand, and peak memory is a budget. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(mebibyte)
  const file = await open(path)
  try {
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}
