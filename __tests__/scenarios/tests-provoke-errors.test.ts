import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

async function pairWithNews() {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.apps.set('1.1.0', { failsPath: { '/nothing': 404 } })
  return story
}

it.each([1, 2, 3, 4])(
  'requests for what is not there, by the tests on purpose, fail no gate of a good version (%i)',
  async (oneIn) => {
    const story = await pairWithNews()
    const users = story.users()

    const seen = await story.run(
      { version: '1.1.0' },
      {
        tests: async ({ CANDIDATE_URL = '' }, ask) => {
          for (let sent = 0; sent < 36; sent++)
            await ask(`${CANDIDATE_URL}${sent % oneIn === 0 ? '/nothing' : '/health'}`)
          return true
        },
      },
    )

    const log = seen.log.join('\n')
    expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-version': '1.1.0' })
    expect(log).toContain("The tests' own requests count in Beanstalk's health")
    expect(log).toContain('shop-green is good again')
    expect(log).not.toContain('in a row')
    await users.stop()
  },
)

it('a candidate that stays bad after its tests gets no traffic, and the tests are named as a likely cause', async () => {
  const story = await pairWithNews()
  let isOver = false
  const running = story.start(
    { version: '1.1.0' },
    {
      tests: async ({ CANDIDATE_URL = '' }, ask) => {
        const straggler = async () => {
          if (isOver) return
          for (let sent = 0; sent < 5; sent++) await ask(`${CANDIDATE_URL}/nothing`)
          story.clock.at(story.clock.now() + 5_000, () => void straggler())
        }
        await straggler()
        return true
      },
    },
  )

  const seen = await story.clock.run(running.ended)
  isOver = true

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0', 'tests-passed': 'true' })
  expect(seen.failed).toContain('The tests passed, but waited 10 min until shop-green is good again')
  expect(seen.failed).toContain('their 4xx and 5xx are a likely cause')
  expect(seen.failed).toContain("Beanstalk's causes: 100.0 % of the requests are failing with HTTP 4xx.")
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production })
})
