import { expect, it } from 'vitest'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('an application that does not exist is named as such, with those that do', async () => {
  const story = scenario()
  await standingPair(story)

  const seen = await story.run({ version: '1.1.0', application: 'shopp' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('There is no application shopp in this region and account; there are: shop.')
})

it('when neither environment is live, it is said which one is', async () => {
  const story = scenario()
  await standingPair(story)
  const { given } = story.aws.beanstalk
  given.version('shop', '1.1.0')
  await given.environment({ application: 'shop', name: 'shop-gren', version: '1.0.0' })

  const seen = await story.run({
    version: '1.1.0',
    'blue-environment': 'shop-green',
    'green-environment': 'shop-gren',
  })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('shop-blue (')
  expect(seen.failed).toContain('misspelt')
  expect(story.changes().filter((name) => name !== 'PutObject' && name !== 'CreateStorageLocation')).toEqual(
    [],
  )
})
