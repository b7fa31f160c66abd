import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { zipFolder } from '../../src/system/zip-folder.ts'
import type { Scenario } from '../helpers/scenario.ts'
import { type Case, tellCases } from './case.ts'
import { during } from './moments.ts'
import { standing } from './standing.ts'

const own = 'elasticbeanstalk-us-east-1-123456789012'
const verify = { operation: 'verify', version: '1.2.0' }

const file = (extension: 'zip' | 'war' | 'jar'): Case => ({
  name: `The package is a ${extension}`,
  ends: 'verified',
  says: ['Version 1.2.0 is created'],
  async play(story) {
    await standing(story)
    const seen = await story.run({ ...verify, package: await archive(extension) })
    expect(bundles(story)).toEqual([
      expect.stringMatching(new RegExp(`^shop/1\\.2\\.0-\\w+\\.${extension}$`)),
    ])
    return seen
  },
})

tellCases('publish.md', 'While the version is published', [
  file('zip'),
  file('war'),
  file('jar'),
  {
    name: 'The package is a folder with an .ebignore',
    ends: 'verified',
    says: ['Version 1.2.0 is created'],
    async play(story) {
      await standing(story)
      const path = await folder({ 'server.js': '', '.ebignore': 'notes.txt\n', 'notes.txt': '' })
      const seen = await story.run({ ...verify, package: path })
      const [key = ''] = bundles(story)
      const zip = Buffer.from(story.aws.buckets.read(own, key) ?? []).toString('latin1')
      expect([zip.includes('server.js'), zip.includes('notes.txt')]).toEqual([true, false])
      return seen
    },
  },
  {
    name: 'The version exists already, with the same content',
    ends: 'promoted',
    says: ['Version 1.2.0 exists with the same content.'],
    async play(story) {
      await standing(story)
      const path = await folder({ 'server.js': 'one' })
      await story.run({ ...verify, package: path })
      return story.run({ version: '1.2.0', package: path })
    },
  },
  {
    name: 'The version exists already, with other content',
    ends: 'failed',
    says: ['exists already with other content', 'a label of its own'],
    async play(story) {
      await standing(story)
      await story.run({ ...verify, package: await folder({ 'server.js': 'one' }) })
      return story.run({ version: '1.2.0', package: await folder({ 'server.js': 'other' }) })
    },
  },
  {
    name: 'The version exists already, and somebody else published it',
    ends: 'verified',
    says: ['whether it has the content of the package is not known'],
    async play(story) {
      await standing(story)
      return story.run({ ...verify, version: '1.1.0', package: await folder({ 'server.js': 'one' }) })
    },
  },
  {
    name: 'The version does not exist, and there is no package',
    ends: 'failed',
    says: ['Version 1.2.0 does not exist in shop', 'describe-application-versions'],
    async play(story) {
      await standing(story)
      return story.run({ version: '1.2.0' })
    },
  },
  {
    name: 'The package is not there',
    ends: 'failed',
    says: ['The package dist/shop.zip does not exist', 'Build it in an earlier step'],
    async play(story) {
      await standing(story)
      return story.run({ version: '1.2.0', package: 'dist/shop.zip' })
    },
  },
  {
    name: 'The package is no archive',
    ends: 'failed',
    says: ['is no zip, war or jar file'],
    async play(story) {
      await standing(story)
      return story.run({ version: '1.2.0', package: 'package.json' })
    },
  },
  {
    name: 'Beanstalk finds the bundle not valid',
    ends: 'failed',
    says: ['could not process version 1.2.0', '--version-label 1.2.0'],
    async play(story) {
      await standing(story)
      const path = await folder({ 'server.js': '' })
      // What is not there any more when it is looked at is as good as broken.
      const lose = () => bundles(story).map((key) => story.aws.buckets.remove(own, key))
      const inputs = { version: '1.2.0', package: path }
      return during(story, [{ when: 'Version 1.2.0 is created', act: lose }], { inputs })
    },
  },
  {
    name: 'The region has as many versions as the account may have',
    ends: 'failed',
    says: [
      'cannot have more than 1000 Application Versions',
      'sort_by(ApplicationVersions',
      'lifecycle rule',
    ],
    async play(story) {
      await standing(story)
      for (let count = 0; count < 1_000; count++) story.aws.beanstalk.given.version('blog', `b-${count}`)
      return story.run({ version: '1.2.0', package: await folder({ 'server.js': '' }) })
    },
  },
  {
    name: 'The answer to the upload is lost, and it happens',
    ends: 'verified',
    says: ['Version 1.2.0 is created'],
    play: (story) => uploading(story, 'answer-lost'),
  },
  {
    name: 'S3 is not there while the bundle goes up',
    ends: 'verified',
    says: ['Version 1.2.0 is created'],
    play: (story) => uploading(story, 'unavailable'),
  },
  {
    name: 'The answer to the creation of the version is lost, and it happens',
    ends: 'verified',
    says: ['Version 1.2.0 is created'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'CreateApplicationVersion' })
      return story.run({ ...verify, package: await folder({ 'server.js': '' }) })
    },
  },
  {
    name: 'The bucket that is given does not exist',
    ends: 'failed',
    says: ['There is no bucket ours.', 's3 mb'],
    async play(story) {
      await standing(story)
      return story.run({
        version: '1.2.0',
        package: await folder({ 'server.js': '' }),
        'state-bucket': 'ours',
      })
    },
  },
  {
    name: 'The bucket that is given is in another region',
    ends: 'failed',
    says: ['not in the service region', 'Give a bucket of that region as `state-bucket`'],
    async play(story) {
      await standing(story)
      story.aws.buckets.create('ours', 'eu-west-1')
      return story.run({
        version: '1.2.0',
        package: await folder({ 'server.js': '' }),
        'state-bucket': 'ours',
      })
    },
  },
  {
    name: 'The bucket wants everything encrypted by KMS, and no key is given',
    ends: 'failed',
    says: ['with an explicit deny in a resource-based policy', '`kms-key-id`'],
    play: (story) => encrypted(story, {}),
  },
  {
    name: 'The bucket wants everything encrypted by KMS, and a key is given',
    ends: 'promoted',
    says: ['Version 1.2.0 is created'],
    play: (story) => encrypted(story, { 'kms-key-id': 'alias/bundles' }),
  },
  {
    name: 'The bucket’s own policy denies writing to it',
    ends: 'failed',
    says: ['s3:PutObject is denied', 'Change that policy'],
    async play(story) {
      await standing(story)
      story.aws.buckets.create(own)
      story.aws.buckets.setPolicy(own, { denies: ['PutObject'] })
      return story.run({ version: '1.2.0', package: await folder({ 'server.js': '' }) })
    },
  },
  {
    name: 'The bucket’s own policy denies reading from it',
    ends: 'failed',
    says: ['s3:GetObject', 'Change that policy'],
    async play(story) {
      await standing(story)
      story.aws.buckets.create(own)
      story.aws.buckets.setPolicy(own, { denies: ['GetObject'] })
      return story.run({ version: '1.1.0' })
    },
  },
])

async function uploading(story: Scenario, fault: 'answer-lost' | 'unavailable') {
  await standing(story)
  const strike = () => story.aws.cloud.faults.order({ fault, operation: 'PutObject' })
  const inputs = { ...verify, package: await folder({ 'server.js': '' }) }
  return during(story, [{ when: 'Uploading', act: strike }], { inputs })
}

async function encrypted(story: Scenario, inputs: Readonly<Record<string, string>>) {
  await standing(story)
  story.aws.buckets.create(own)
  story.aws.buckets.setPolicy(own, { requires: 'aws:kms' })
  return story.run({ version: '1.2.0', package: await folder({ 'server.js': '' }), ...inputs })
}

const bundles = ({ aws: { buckets } }: Scenario) => buckets.keys(own, 'shop/')

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'package-'))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)))
  return path
}

async function archive(extension: string): Promise<string> {
  const to = await mkdtemp(join(tmpdir(), 'package-'))
  const zip = await zipFolder(await folder({ 'server.js': '' }), to)
  const path = join(to, `shop.${extension}`)
  await rename(zip.file, path)
  return path
}
