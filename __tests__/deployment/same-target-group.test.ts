import { expect, it } from 'vitest'
import { standingPair } from './world.ts'

const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${name}/1`

/** A pair whose members have these target groups in their options. */
function pairIn(blue: string, green: string) {
  const world = standingPair()
  world.aws.member('shop-blue').options.push({ ...option, value: blue })
  world.aws.member('shop-green').options.push({ ...option, value: green })
  return world
}

it.each(['deploy', 'verify'] as const)(
  '%s touches no candidate that is in live’s target group',
  async (operation) => {
    const world = pairIn(arn('blue'), `${arn('other')},${arn('blue')}`)
    const seen = await world.run(operation, { configuration: 'sync' })
    expect(seen).toMatchObject({ is: 'failed' })
    expect(seen.says).toContain(
      `shop-green has the target group of shop-blue, which is live, in its options (${arn('blue')})`,
    )
    expect(seen.remedies[0]?.command).toContain('--environment-name shop-green')
    expect(world.changes()).toEqual([])
  },
)

it('nothing is brought over that says which target group an environment is in', async () => {
  const world = pairIn(arn('blue'), arn('green'))
  const seen = await world.run('deploy', { configuration: 'sync' })
  expect(seen.is).toBe('promoted')
  expect(world.aws.member('shop-green').options).toContainEqual({ ...option, value: arn('green') })
})

it('what the inputs set counts, not what was there', async () => {
  const good = pairIn(arn('blue'), arn('blue'))
  const third = { ...option, value: arn('third') }
  expect((await good.run('deploy', { optionSettings: [third] })).is).toBe('promoted')

  const bad = pairIn(arn('blue'), arn('green'))
  const seen = await bad.run('deploy', { optionSettings: [{ ...option, value: arn('blue') }] })
  expect(seen.is).toBe('failed')
  expect(seen.remedies[0]?.why).toContain('`option-settings` names it')
})
