import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ShopVersion } from '../../examples/shop/bundle.ts'

const run = promisify(execFile)
const shop = fileURLToPath(new URL('../../examples/shop', import.meta.url))
const examples = fileURLToPath(new URL('../../examples/workflows', import.meta.url))

/** A user's repository: the shop, its tests, and the example workflows as they are. */
export interface ShopRepository {
  readonly folder: string
  /** Commits a version of the shop on main; the commit's SHA. */
  commit(version: ShopVersion): Promise<string>
}

/** An empty repository in `folder` that GitHub would know as acme/shop. */
export async function createShopRepository(folder: string): Promise<ShopRepository> {
  await mkdir(folder, { recursive: true })
  const git = async (...args: readonly string[]) =>
    (await run('git', ['-C', folder, '-c', 'user.name=acme', '-c', 'user.email=acme@example.com', ...args]))
      .stdout
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
  return {
    folder,
    async commit(version) {
      await writeShop(folder, version)
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', `feat: ${version}`)
      return (await git('rev-parse', 'HEAD')).trim()
    },
  }
}

async function writeShop(folder: string, version: ShopVersion): Promise<void> {
  for (const name of ['Procfile', 'page.js', 'server.js', 'smoke-test.js'])
    await copyFile(join(shop, name), join(folder, name))
  await copyFile(join(shop, 'versions', version, 'release.js'), join(folder, 'release.js'))
  // What the shop calls its version is not what the workflow calls it: that is the commit.
  const scripts = { start: 'node server.js', 'test:integration': `VERSION=${version} node smoke-test.js` }
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'shop', private: true, type: 'module', scripts }, undefined, 2)}\n`,
  )
  const workflows = join(folder, '.github/workflows')
  await rm(workflows, { recursive: true, force: true })
  await mkdir(workflows, { recursive: true })
  for (const name of await readdir(examples))
    if (name.endsWith('.yml')) await copyFile(join(examples, name), join(workflows, name))
}
