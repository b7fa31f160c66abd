import { describe, expect, it } from 'vitest'
import { tagsOf, verificationIn } from '../../src/aws/verification-tags.ts'
import { createVersions } from '../../src/aws/versions.ts'
import { Failure } from '../../src/deployment/errors.ts'
import type { Verification } from '../../src/deployment/ports.ts'
import { type AwsWorld, awsWorld } from './world.ts'

const verification: Verification = {
  environment: 'e-abcdefghij',
  commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
  tests: 'passed',
  at: Date.UTC(2030, 0, 2, 3, 4, 5, 678),
  unchangedSince: Date.UTC(2030, 0, 2, 3, 0, 0, 1),
  live: { environment: 'e-klmnopqrst', version: '1.0.0' },
}

const versionsOf = ({ clients, storage }: AwsWorld) =>
  createVersions({
    clients,
    application: 'shop',
    storage,
    pack: () => Promise.reject(new Error('nothing is packed here')),
  })

describe('what a version’s tags remember', () => {
  it('is read as it was written, in one call that touches no environment', async () => {
    const world = awsWorld()
    const versions = versionsOf(world)

    expect(await world.run(versions.verified('v1'))).toBeUndefined()
    await world.run(versions.remember('v1', verification))

    expect(await world.run(versions.verified('v1'))).toEqual(verification)
    expect(await world.run(versions.verified('v2'))).toBeUndefined()
    expect(world.calls('UpdateTagsForResource')).toHaveLength(1)
    expect(world.calls('UpdateTagsForResource')[0]?.input).toMatchObject({
      ResourceArn: 'arn:aws:elasticbeanstalk:us-east-1:123456789012:applicationversion/shop/v1',
    })
  })

  it('does not count any more when that is said, which needs no permission to remove tags', async () => {
    const world = awsWorld()
    const versions = versionsOf(world)
    await world.run(versions.remember('v1', verification))

    await world.run(versions.remember('v1', undefined))

    expect(await world.run(versions.verified('v1'))).toBeUndefined()
    expect(
      world.calls('UpdateTagsForResource').every(({ input }) => !('TagsToRemove' in (input as object))),
    ).toBe(true)
  })

  it('is written again when the answer is lost', async () => {
    const world = awsWorld()
    const versions = versionsOf(world)
    world.fault('answer-lost', 'UpdateTagsForResource')

    await world.run(versions.remember('v1', verification))

    expect(await world.run(versions.verified('v1'))).toEqual(verification)
  })

  it('stays with the other tags of the version', async () => {
    const world = awsWorld()
    const versions = versionsOf(world)
    const source = { bucket: 'elasticbeanstalk-us-east-1-123456789012', key: 'bundle.zip' }
    await world.run(versions.create({ label: 'v3', description: '', digest: 'a-digest', source }))

    await world.run(versions.remember('v3', verification))

    expect(await world.run(versions.read('v3', 'with its digest'))).toMatchObject({ digest: 'a-digest' })
  })

  it('cannot be remembered of a version that is gone', async () => {
    const world = awsWorld()
    await expect(world.run(versionsOf(world).remember('v9', verification))).rejects.toThrow(
      'Version v9 does not exist any more in shop.',
    )
    expect(await world.run(versionsOf(world).verified('v9'))).toBeUndefined()
  })
})

describe('the tags', () => {
  it.each(['1.0.0', 'a label, with (unusual) #signs', 'zwölf/äpfel', '=none', 'a=3D', '100 %', '🫘'])(
    'carry the label %s within what AWS allows',
    (version) => {
      const tags = tagsOf({ ...verification, live: { ...verification.live, version } })
      for (const { Key, Value } of tags) {
        expect(Value).toMatch(/^[\p{L}\p{N} _.:/=+\-@]{1,255}$/u)
        expect(Key?.length).toBeLessThan(128)
      }
      expect(verificationIn(tags)?.live.version).toBe(version)
    },
  )

  it('carry that there was no commit, and no version', () => {
    const poor = { ...verification, commit: undefined, live: { environment: 'e-1', version: undefined } }
    expect(verificationIn(tagsOf(poor))).toEqual(poor)
  })

  it('refuse a label that does not fit', () => {
    const live = { environment: 'e-1', version: '🫘'.repeat(40) }
    expect(() => tagsOf({ ...verification, live })).toThrow(Failure)
  })

  it('are not believed when something is missing, or is not as this action writes it', () => {
    const tags = tagsOf(verification)
    for (const { Key } of tags.filter((tag) => !tag.Key?.endsWith('commit')))
      expect(verificationIn(tags.filter((tag) => tag.Key !== Key))).toBeUndefined()
    for (const name of ['tests', 'at', 'unchanged-since']) {
      const bent = tags.map((tag) => (tag.Key?.endsWith(`-${name}`) ? { ...tag, Value: 'soon' } : tag))
      expect(verificationIn(bent)).toBeUndefined()
    }
  })
})
