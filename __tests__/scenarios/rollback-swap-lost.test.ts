import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

it('a rollback whose request never arrived is brought to its end, and is a success', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  await story.run({ version: '1.1.0' })
  story.aws.cloud.faults.order({ fault: 'reset-before', operation: 'SwapEnvironmentCNAMEs' })

  const seen = await story.run({ operation: 'rollback' })

  expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.0.0' })
  expect(seen.failed).toBeUndefined()
  expect(story.pair()['shop-blue']?.cname).toBe(production)
})
