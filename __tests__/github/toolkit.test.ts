import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actionsToolkit } from '../../src/github/toolkit.ts'

describe("GitHub's toolkit", () => {
  const before = process.env.GITHUB_STEP_SUMMARY
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toolkit-'))
  })
  afterEach(async () => {
    if (before === undefined) delete process.env.GITHUB_STEP_SUMMARY
    else process.env.GITHUB_STEP_SUMMARY = before
    await rm(folder, { recursive: true, force: true })
  })

  it('writes no summary where the runner wants none', async () => {
    delete process.env.GITHUB_STEP_SUMMARY
    await expect(actionsToolkit().writeSummary('text')).resolves.toBeUndefined()
  })

  it('adds to the summary that is there', async () => {
    const file = join(folder, 'summary.md')
    await writeFile(file, 'before\n')
    process.env.GITHUB_STEP_SUMMARY = file
    await actionsToolkit().writeSummary('one')
    await actionsToolkit().writeSummary('two')
    expect(await readFile(file, 'utf8')).toBe('before\none\ntwo\n')
  })
})
