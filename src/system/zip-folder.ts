import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { Failure, messageOf } from '../deployment/errors.ts'
import type { PackedBundle } from './bundle-file.ts'
import { type FolderFile, filesOf } from './folder-files.ts'

/** Any fixed time will do; noon, since some zones had no midnight on that day. */
const sameTime = new Date(1980, 0, 1, 12)

/** Zips a folder into a file below `temporary`, in the same way whenever and wherever. Throws a Failure when it is empty. */
export async function zipFolder(folder: string, temporary: string): Promise<PackedBundle> {
  const files = await filesOf(folder)
  if (files.length === 0)
    throw new Failure(`The folder ${folder} holds nothing to deploy.`, [
      {
        why: 'See what `.ebignore`, or else `.gitignore`, leaves out of it: build results often stand there.',
      },
    ])
  const home = await mkdtemp(join(temporary, 'bundle-'))
  const close = () => rm(home, { recursive: true, force: true })
  const file = join(home, 'bundle.zip')
  try {
    const digest = await digestOf(files)
    await write(files, file)
    return { file, bytes: (await stat(file)).size, digest, extension: 'zip', close }
  } catch (thrown) {
    await close()
    throw new Failure(`The folder ${folder} could not be zipped: ${messageOf(thrown)}`)
  }
}

async function write(files: readonly FolderFile[], target: string): Promise<void> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.once('error', (error) => output.destroy(error))
  for (const { name, path, isExecutable } of files)
    zip.addFile(path, name, { mtime: sameTime, mode: modeOf(isExecutable), forceDosTimestamp: true })
  zip.end()
  await pipeline(output, createWriteStream(target))
}

const modeOf = (isExecutable: boolean): number => (isExecutable ? 0o100755 : 0o100644)

async function digestOf(files: readonly FolderFile[]): Promise<string> {
  const all = createHash('sha256')
  for (const { name, path, isExecutable } of files) {
    const one = createHash('sha256')
    for await (const part of createReadStream(path)) one.update(part)
    all.update(`${modeOf(isExecutable).toString(8)} ${one.digest('hex')} ${name}\0`)
  }
  return all.digest('hex')
}
