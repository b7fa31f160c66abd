import { expect, it } from 'vitest'
import { standingPair } from './world.ts'

it('AWS that cannot be reached fails the step, and is no mistake of ours', async () => {
  const world = standingPair()
  world.wire.fail('readRoute', 'unreachable')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'AWS does not answer.', bug: undefined })
})

it('an answer that is lost twice fails the step, and is no mistake of ours', async () => {
  const world = standingPair()
  world.wire.fail('deploy', 'never arrives', 2)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'The answer was lost.', bug: undefined })
})
