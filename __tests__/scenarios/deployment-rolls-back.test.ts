import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

for (const policy of ['AllAtOnce', 'Immutable'])
  it(`a deployment that Beanstalk takes back while Green is a failure (${policy})`, async () => {
    const story = scenario()
    await standingPair(story, { policy })
    story.aws.beanstalk.given.version('shop', '1.1.0')
    story.aws.cloud.faults.order({ fault: 'deployment-rolls-back', version: '1.1.0' })

    const seen = await story.run({ version: '1.1.0' })

    expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0', 'tests-passed': '' })
    expect(seen.failed).toContain('Failed to deploy application')
    expect(story.pair()['shop-green']).toMatchObject({ status: 'Ready', version: '1.0.0' })
    expect(story.pair()['shop-blue']?.cname).toBe(production)
    expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
  })

it('an application that does not start is a failure, with Beanstalk’s own words', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.apps.set('1.1.0', { starts: false })

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('Failed to deploy application')
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.0.0' })
})
