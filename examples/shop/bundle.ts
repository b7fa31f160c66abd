import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

const here = new URL('.', import.meta.url)

/** The versions of the shop, oldest first: what is wrong with one is in its name. */
export const versions = ['1.0.0', '1.1.0', '1.2.0-broken', '1.3.0-leaky', '1.4.0'] as const

export type ShopVersion = (typeof versions)[number]

/** The source bundle of a version: a zip whose bytes are the same whenever and wherever it is made. */
export async function bundleOf(version: ShopVersion): Promise<Uint8Array> {
  const zip = new ZipFile()
  const files = { ...SHARED, 'release.js': `versions/${version}/release.js` }
  for (const [name, path] of Object.entries(files)) {
    zip.addBuffer(await readFile(new URL(path, here)), name, ALWAYS_THE_SAME)
  }
  zip.end()
  return buffer(zip.outputStream)
}

const SHARED = {
  Procfile: 'Procfile',
  'package.json': 'package.json',
  'page.js': 'page.js',
  'server.js': 'server.js',
}

/** The DOS date is written in local time, so midnight of the local time zone is the same bytes everywhere. */
const ALWAYS_THE_SAME = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 }
