import { expect, it } from 'vitest'
import { NoRoom } from '../../src/deployment/errors.ts'
import type { Version } from '../../src/deployment/ports.ts'
import { publishVersion } from '../../src/deployment/stages/publish-version.ts'
import { publish, standingPair, type World } from './world.ts'

const bundle = { version: '2.0.0', package: 'bundle.zip' }

async function publishing(world: World, wanted: { version: string; package: string | undefined } = bundle) {
  const bare = await world.bare()
  return { ...bare, published: bare.drive((run) => publishVersion(run, wanted)) }
}

const existing = (world: World, given: Partial<Version>) => publish(world, '2.0.0', world.clock.now(), given)

it('a version that does not exist is uploaded, created, and waited for until it is processed', async () => {
  const world = standingPair()

  const { published, log, closed } = await publishing(world)

  await published
  expect(world.changes()).toEqual(['upload', 'createVersion'])
  expect(world.aws.versions.get('2.0.0')).toMatchObject({ state: 'deployable', digest: 'bundle.zip' })
  expect(log[0]).toBe('Uploading 10 KiB.')
  expect(closed).toEqual(['bundle.zip'])
})

it('a large bundle is said in MiB', async () => {
  const { published, log } = await publishing(standingPair(), {
    version: '2.0.0',
    package: 'x'.repeat(3 * 1024),
  })
  await published
  expect(log[0]).toBe('Uploading 3.0 MiB.')
})

it('a version that exists with the same content is used as it is', async () => {
  const world = standingPair()
  existing(world, { digest: 'bundle.zip' })

  const { published, log, warnings, closed } = await publishing(world)

  await published
  expect(world.changes()).toEqual([])
  expect(log).toEqual(['Version 2.0.0 exists with the same content.'])
  expect(warnings).toEqual([])
  expect(closed).toEqual(['bundle.zip'])
})

it('a version whose content nobody knows is used, with a warning', async () => {
  const world = standingPair()
  existing(world, {})

  const { published, warnings } = await publishing(world)

  await published
  expect(world.changes()).toEqual([])
  expect(warnings[0]).toContain('whether it has the content of the package is not known')
})

it('a label never changes what it means: other content under it is refused, and the bundle is cleared away', async () => {
  const world = standingPair()
  existing(world, { digest: 'other.zip' })

  const { published, closed } = await publishing(world)

  await expect(published).rejects.toThrow('Version 2.0.0 exists already with other content.')
  expect(world.changes()).toEqual([])
  expect(closed).toEqual(['bundle.zip'])
})

it('a version that does not exist and has no package is refused, with how to see those that exist', async () => {
  const { published } = await publishing(standingPair(), { version: '2.0.0', package: undefined })

  const failure = await published.catch((thrown) => thrown)
  expect(failure.message).toContain('Version 2.0.0 does not exist in shop')
  expect(failure.remedies[0].command).toContain('describe-application-versions --application-name shop')
})

it('a version that is being processed is waited for', async () => {
  const world = standingPair()
  existing(world, { state: 'processing' })
  world.clock.at(world.clock.now() + 30_000, () => existing(world, {}))

  const { published } = await publishing(world, { version: '2.0.0', package: undefined })

  await expect(published).resolves.toBeUndefined()
})

it('a version that Beanstalk cannot process fails at once, and says where to look', async () => {
  const world = standingPair()
  existing(world, { state: 'failed' })
  const began = world.clock.now()

  const { published } = await publishing(world, { version: '2.0.0', package: undefined })

  await expect(published).rejects.toThrow('Beanstalk could not process version 2.0.0')
  expect(world.clock.now() - began).toBeLessThan(1_000)
})

it('a version that is listed late is waited for', async () => {
  const world = standingPair()
  world.wire.upon('createVersion', () => {
    world.clock.at(world.clock.now() + 15_000, () => existing(world, {}))
    world.clock.at(world.clock.now() + 30, () => world.aws.versions.delete('2.0.0'))
  })

  const { published } = await publishing(world)

  await expect(published).resolves.toBeUndefined()
})

it('a lost answer is not sent again when the version is there', async () => {
  const world = standingPair()
  world.wire.fail('createVersion', 'answer lost')

  const { published } = await publishing(world)

  await published
  expect(world.changes()).toEqual(['upload', 'createVersion'])
})

it('a request that never arrived is sent once more', async () => {
  const world = standingPair()
  world.wire.fail('createVersion', 'never arrives')

  const { published } = await publishing(world)

  await published
  expect(world.changes()).toEqual(['upload', 'createVersion', 'createVersion'])
})

it('a refused version fails the deployment before anything is deployed', async () => {
  const world = standingPair()
  world.wire.fail('createVersion', 'refused')

  const seen = await world.run('deploy', bundle)

  expect(seen).toMatchObject({ is: 'failed', says: 'AWS refused it.' })
  expect(world.changes()).toEqual(['upload', 'createVersion'])
})

it('where the region has as many versions as it may, it is said how to make room', async () => {
  const world = standingPair()
  world.wire.fail('createVersion', new NoRoom('You cannot have more than 1000 Application Versions.'))

  const { published } = await publishing(world)

  await expect(published).rejects.toMatchObject({
    message: 'You cannot have more than 1000 Application Versions.',
    remedies: [
      { command: expect.stringContaining('sort_by(ApplicationVersions') },
      { command: expect.stringContaining('delete-application-version --application-name shop') },
      { why: expect.stringContaining('lifecycle rule') },
    ],
  })
})
