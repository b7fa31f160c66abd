import { expect } from 'vitest'
import type { UsersReport } from '../../simulator/users.ts'
import type { Seen } from '../helpers/runner.ts'
import type { Scenario } from '../helpers/scenario.ts'
import { type Case, isGood } from './case.ts'
import { secret } from './standing.ts'

interface End {
  readonly story: Scenario
  readonly seen: Seen
  readonly one: Case
  readonly requests: readonly UsersReport[]
}

/**
 * What holds however it ended: what is reported is what is, nothing of ours is left behind unnamed, users lost nothing,
 * secrets are nowhere, and a failure says in this order what happened, what serves production, what was undone, what to do.
 */
export function holdsAtTheEnd(end: End): void {
  const { story, seen, one, requests } = end
  expect(story.aws.bugs).toEqual([])
  if (one.usersSeeFailures !== true)
    expect(requests.map(({ failed }) => failed)).toEqual(requests.map(() => 0))
  reportsWhatIs(end)
  leavesNothing(end)
  for (const text of [
    ...seen.log,
    ...seen.annotations.map(({ says }) => says),
    seen.summary,
    objectsOf(story),
  ])
    expect(text).not.toContain(secret)
  if (isGood(one) || one.ends === 'refused') return
  expect(seen.failed).toMatch(/^.+\nServes production now: .+\nUndone:.+\nTo do:\n.+$/s)
}

function reportsWhatIs({ story, seen, one }: End): void {
  const { 'live-environment': live, 'live-version': version } = seen.outputs
  if (!live) return
  const production = story.pair()[live]
  expect(production).toMatchObject({ version: version || undefined })
  const holders = Object.entries(story.pair()).filter(([, { cname }]) => cname === productionName)
  const holder = one.serves ? one.serves(story) : holders.length === 1 ? holders[0]?.[0] : undefined
  if (holder !== undefined) expect(live).toBe(holder)
}

const productionName = 'shop.us-east-1.elasticbeanstalk.com'

function leavesNothing({ story, one: { leaves = [] } }: End): void {
  const [state] = statesOf(story)
  if (!leaves.includes('lock')) expect(state?.holder).toBeUndefined()
  if (!leaves.includes('pending')) expect(state?.pending ?? []).toEqual([])
  const templates = story.aws.beanstalk.state().templates.filter(({ name }) => name.startsWith('blue-green-'))
  if (!leaves.includes('template')) expect(templates).toEqual([])
}

/** The lock and journal of each pair. */
const statesOf = (story: Scenario): readonly { holder?: unknown; pending?: unknown[] }[] =>
  contentsOf(story)
    .filter(({ key }) => key.endsWith('.json') && !key.includes('/claims/'))
    .map(({ text }) => JSON.parse(text))

const objectsOf = (story: Scenario): string =>
  contentsOf(story)
    .map(({ text }) => text)
    .join('\n')

const contentsOf = ({ aws: { buckets } }: Scenario): readonly { key: string; text: string }[] =>
  buckets
    .names()
    .flatMap((bucket) =>
      buckets
        .keys(bucket, 'blue-green/')
        .map((key) => ({ key, text: Buffer.from(buckets.read(bucket, key) ?? []).toString() })),
    )
