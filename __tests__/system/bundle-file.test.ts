import { createHash } from 'node:crypto'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import yauzl from 'yauzl'
import { Failure } from '../../src/deployment/errors.ts'
import { pack } from '../../src/system/bundle-file.ts'

describe('a package', () => {
  let home: string
  let app: string
  let temporary: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'packages-'))
    app = join(home, 'app')
    temporary = join(home, 'temporary')
    await mkdir(app)
    await mkdir(temporary)
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  const put = async (name: string, text = name) => {
    const path = join(app, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    return path
  }
  const packed = async () => {
    const bundle = await pack(app, temporary)
    const bytes = await readFile(bundle.file)
    await bundle.close()
    return { ...bundle, content: bytes }
  }
  const namesIn = async () => Object.keys(await entriesOf((await packed()).content))
  const complaintOf = async (path: string) => {
    const thrown = await pack(path, temporary).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Failure)
    return (thrown as Failure).message
  }

  it('that is a zip, war or jar goes up as it is', async () => {
    for (const extension of ['zip', 'war', 'jar'] as const) {
      const path = await put(`app.${extension}`, 'PK\u0003\u0004 and more')
      const bundle = await pack(path, temporary)
      expect(bundle).toMatchObject({ file: path, bytes: 13, extension })
      expect(bundle.digest).toBe(createHash('sha256').update('PK\u0003\u0004 and more').digest('hex'))
      await bundle.close()
      expect(await readFile(path, 'utf8')).toContain('and more')
    }
  })

  it('that cannot be one is refused in words', async () => {
    expect(await complaintOf(join(home, 'nothing.zip'))).toMatch(/does not exist/)
    expect(await complaintOf(await put('app.tar.gz'))).toMatch(/is no zip, war or jar/)
    expect(await complaintOf(await put('empty.zip', ''))).toMatch(/is empty/)
    expect(await complaintOf(await put('page.zip', '<html>404</html>'))).toMatch(/is none/)
  })

  it('that is larger than Beanstalk takes is refused in words', async () => {
    const path = await put('large.zip', 'PK\u0003\u0004')
    await truncate(path, 512 * 1024 * 1024 + 1)
    expect(await complaintOf(path)).toMatch(/has 513 MB, and Beanstalk takes 512 MB at most/)
  })

  it('that is a folder becomes the same zip whenever it is zipped', async () => {
    await put('b.txt')
    await put('a/c.txt')
    const first = await packed()
    await rm(join(app, 'a'), { recursive: true })
    await put('a/c.txt')
    await utimes(join(app, 'b.txt'), 1, 1)
    await chmod(join(app, 'b.txt'), 0o600)
    const second = await packed()
    expect(second.content.equals(first.content)).toBe(true)
    expect(second.digest).toBe(first.digest)
    expect(second.bytes).toBe(first.content.length)
  })

  it('that is a folder has another digest when a name, a mode or a content is another', async () => {
    await put('a.txt', 'one')
    const digests = [(await packed()).digest]
    await put('a.txt', 'two')
    digests.push((await packed()).digest)
    await chmod(join(app, 'a.txt'), 0o755)
    digests.push((await packed()).digest)
    await rm(join(app, 'a.txt'))
    await chmod(await put('b.txt', 'two'), 0o755)
    digests.push((await packed()).digest)
    expect(new Set(digests).size).toBe(4)
  })

  it('that is a folder keeps contents and what is executable, and holds its files in order', async () => {
    await put('run.sh', '#!/bin/sh\n')
    await chmod(join(app, 'run.sh'), 0o700)
    await put('lib/z.js', 'z'.repeat(100_000))
    await put('Procfile', 'web: ./run.sh')
    expect(await entriesOf((await packed()).content)).toEqual({
      Procfile: { mode: 0o100644, text: 'web: ./run.sh' },
      'lib/z.js': { mode: 0o100644, text: 'z'.repeat(100_000) },
      'run.sh': { mode: 0o100755, text: '#!/bin/sh\n' },
    })
  })

  it('leaves nothing on the disk when it is closed', async () => {
    await put('a.txt')
    const bundle = await pack(app, temporary)
    expect(await readdir(temporary)).toHaveLength(1)
    await bundle.close()
    expect(await readdir(temporary)).toEqual([])
  })

  it('leaves out what .gitignore says, in every folder, and never takes .git along', async () => {
    await put('.gitignore', 'node_modules/\n*.log\n!keep.log\n')
    await put('.git/config')
    await put('node_modules/x/index.js')
    await put('debug.log')
    await put('keep.log')
    await put('lib/.gitignore', '/generated.js\n!debug.log\n')
    await put('lib/generated.js')
    await put('lib/debug.log')
    await put('lib/deep/generated.js')
    await put('lib/.git', 'gitdir: elsewhere')
    expect(await namesIn()).toEqual([
      '.gitignore',
      'keep.log',
      'lib/.gitignore',
      'lib/debug.log',
      'lib/deep/generated.js',
    ])
  })

  it('goes by .ebignore alone where there is one', async () => {
    await put('.ebignore', 'tests/\n')
    await put('.gitignore', 'dist/\n')
    await put('dist/app.js')
    await put('dist/.gitignore', '*\n')
    await put('dist/.ebignore', '*\n')
    await put('tests/a.js')
    expect(await namesIn()).toEqual(['.gitignore', 'dist/.ebignore', 'dist/.gitignore', 'dist/app.js'])
  })

  it('of which nothing is left is refused', async () => {
    expect(await complaintOf(app)).toMatch(/holds nothing to deploy/)
    await put('.ebignore', '*\n')
    await put('a.txt')
    expect(await complaintOf(app)).toMatch(/holds nothing to deploy/)
  })

  it('has its links followed inside of it, round in circles too', async () => {
    await put('lib/real.js')
    await symlink('real.js', join(app, 'lib/link.js'))
    await symlink('../lib', join(app, 'lib/again'))
    await symlink('lib', join(app, 'library'))
    await symlink('..', join(app, 'lib/up'))
    expect(await namesIn()).toEqual(['lib/link.js', 'lib/real.js', 'library/link.js', 'library/real.js'])
  })

  it('with a link that leads out of it, or nowhere, is refused', async () => {
    await put('a.txt')
    await writeFile(join(home, 'app-secret'), 'secret')
    await symlink('../app-secret', join(app, 'out'))
    expect(await complaintOf(app)).toBe('out is a link that leads out of the package.')
    await rm(join(app, 'out'))
    await symlink('missing', join(app, 'broken'))
    expect(await complaintOf(app)).toBe('broken is a link that leads nowhere.')
    await put('.ebignore', 'broken\n')
    expect(await namesIn()).toEqual(['a.txt'])
  })
})

async function entriesOf(zip: Buffer): Promise<Record<string, { mode: number; text: string }>> {
  const entries: Record<string, { mode: number; text: string }> = {}
  const file = await yauzl.fromBufferPromise(zip)
  for await (const entry of file.eachEntry())
    entries[entry.fileName] = {
      mode: entry.externalFileAttributes >>> 16,
      text: (await buffer(await file.openReadStreamPromise(entry))).toString(),
    }
  return entries
}
