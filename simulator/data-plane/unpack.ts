import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Entry, fromBufferPromise } from 'yauzl'

/**
 * Writes the files of a zip below `directory`. Throws for bytes that are no zip and for names that would leave the
 * directory; a symbolic link becomes a plain file, so that nothing can lead out of it either.
 */
export async function unpack(content: Uint8Array, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const zip = await fromBufferPromise(Buffer.from(content), { lazyEntries: true })
  for await (const entry of zip.eachEntry()) {
    const path = inside(directory, entry.fileName)
    if (entry.fileName.endsWith('/')) {
      await mkdir(path, { recursive: true })
      continue
    }
    await mkdir(dirname(path), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode: modeOf(entry) }))
  }
}

function inside(directory: string, name: string): string {
  const path = resolve(directory, name)
  const way = relative(directory, path)
  if (way.startsWith('..') || isAbsolute(way)) throw new Error(`The bundle's file ${name} lies outside it`)
  return path
}

/** Zips made on Unix keep the file mode in the upper half of the external attributes; only `x` matters here. */
const modeOf = ({ externalFileAttributes }: Entry) =>
  ((externalFileAttributes >>> 16) & 0o111) === 0 ? 0o644 : 0o755
