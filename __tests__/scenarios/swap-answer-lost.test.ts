import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

for (const statusWhileSwapping of ['Updating', 'Ready'] as const) {
  it(`a swap whose answer is lost is settled by reading, never sent again (${statusWhileSwapping} while swapping)`, async () => {
    const story = scenario({ switches: { statusWhileSwapping } })
    await standingPair(story)
    story.aws.beanstalk.given.version('shop', '1.1.0')
    story.aws.cloud.faults.order({ operation: 'SwapEnvironmentCNAMEs', fault: 'answer-lost' })

    const seen = await story.run({ version: '1.1.0' })

    expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
    expect(story.changes().filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(1)
    expect(story.pair()['shop-green']?.cname).toBe(production)
  })

  it(`a swap that never arrived leaves production where it is (${statusWhileSwapping} while swapping)`, async () => {
    const story = scenario({ switches: { statusWhileSwapping } })
    await standingPair(story)
    story.aws.beanstalk.given.version('shop', '1.1.0')
    story.aws.cloud.faults.order({ operation: 'SwapEnvironmentCNAMEs', fault: 'reset-before' })

    const seen = await story.run({ version: '1.1.0' })

    expect(seen.outputs).toMatchObject({
      outcome: 'failed',
      'live-environment': 'shop-blue',
      'live-version': '1.0.0',
    })
    expect(story.changes().filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(1)
  })
}

it('an update whose answer is lost is followed to its end, not sent again', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.aws.cloud.faults.order({ operation: 'UpdateEnvironment', fault: 'answer-lost' })

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs.outcome).toBe('promoted')
  expect(story.changes().filter((name) => name === 'UpdateEnvironment')).toHaveLength(1)
})
