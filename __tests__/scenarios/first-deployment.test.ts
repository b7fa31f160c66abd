import { expect, it } from 'vitest'
import { production, scenario } from '../helpers/scenario.ts'

it('the first deployment creates the blue environment with the production address and proves it there', async () => {
  const story = scenario()
  story.aws.beanstalk.given.application('shop')
  story.aws.beanstalk.given.version('shop', '1.0.0')

  const seen = await story.run({
    version: '1.0.0',
    platform: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22',
  })

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({
    outcome: 'promoted',
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
  })
  expect(story.pair()).toMatchObject({
    'shop-blue': { version: '1.0.0', cname: production, status: 'Ready' },
  })
  expect(seen.summary).toContain('no way back')
})

it('the first deployment without a platform or template says what to give, before anything is created', async () => {
  const story = scenario()
  story.aws.beanstalk.given.application('shop')
  story.aws.beanstalk.given.version('shop', '1.0.0')

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('platform')
  expect(story.pair()).toEqual({})
})
