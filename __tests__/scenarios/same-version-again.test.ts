import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundleOf } from '../../examples/shop/bundle.ts'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('deploying the version that is live changes nothing and succeeds', async () => {
  const story = scenario()
  await standingPair(story)
  const before = story.pair()

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.0.0' })
  expect(story.pair()).toEqual(before)
  expect(new Set(story.changes())).toEqual(new Set(['PutObject', 'CreateStorageLocation']))
})

it('a version that is live but not healthy is not called a success', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.cloud.faults.order({ fault: 'never-healthy', environment: 'shop-blue' })
  await story.clock.runUntil(story.clock.now() + 120_000)

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('health')
})

it('an old job that runs again does not bring its old version back', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  await story.run({ version: '1.1.0' })

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(seen.failed).toContain('older')
  expect((await story.run({ version: '1.0.0', 'allow-older': 'true' })).outputs.outcome).toBe('promoted')
})

it('a label that is live, with other content, is refused instead of called live', async () => {
  const story = scenario()
  await standingPair(story)
  const folder = await mkdtemp(join(tmpdir(), 'package-'))
  const package_ = join(folder, 'shop.zip')
  await writeFile(package_, await bundleOf('1.1.0'))
  expect((await story.run({ version: '1.1.0', package: package_ })).outputs.outcome).toBe('promoted')
  expect((await story.run({ version: '1.1.0', package: package_ })).outputs.outcome).toBe('already-live')
  await writeFile(package_, await bundleOf('1.4.0'))

  const seen = await story.run({ version: '1.1.0', package: package_ })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(seen.failed).toContain('other content')
  await rm(folder, { recursive: true })
})
