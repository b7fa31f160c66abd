import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Seen } from '../helpers/runner.ts'
import { type Scenario, scenario } from '../helpers/scenario.ts'
import { operations, type Told } from './operations.ts'
import { secret } from './standing.ts'

/** What IAM calls them where it is not the operation's own name. [BC:elasticbeanstalk UpdateTagsForResource] */
const otherwise: Readonly<Record<string, string>> = {
  'elasticbeanstalk:UpdateTagsForResource': 'elasticbeanstalk:AddTags',
  's3:HeadObject': 's3:GetObject',
}

/** In the policy for calls that no story here makes, and why. */
const besides: Readonly<Record<string, string>> = {
  's3:AbortMultipartUpload': 'a large bundle whose upload failed',
  's3:ListBucket': 'no call: it tells “not there” from “not allowed”',
  'elasticbeanstalk:RetrieveEnvironmentInfo': 'the logs that were asked for, once they are there',
}

interface Row {
  readonly story: string
  readonly action: string
  readonly ends: string
  readonly live: string
  readonly says: string
}

const rows: Row[] = []
const used = new Set<string>()

describe.each(operations)('$name', (told) => {
  it('without any one of its permissions names it, and leaves or brings production where it was', async () => {
    const usual = await play(told)
    const calls = new Set(usual.calls)
    for (const call of calls) used.add(otherwise[call] ?? call)
    for (const call of calls) judge(told, usual, { call, ...(await play(told, call)) })
  })
})

it('the policy in docs/permissions.md has what is called, and nothing else', () => {
  const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8')
  const policy = JSON.parse(/```json\n([\s\S]+?)\n```/.exec(page)?.[1] ?? '')
  const allowed = new Set<string>(
    policy.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
  )
  // Everybody may ask who he is. [DOC:sts GetCallerIdentity]
  expect([...used].filter((action) => !allowed.has(action))).toEqual(['sts:GetCallerIdentity'])
  expect([...allowed].filter((action) => !used.has(action) && !(action in besides))).toEqual([])
})

it('docs/cases/permissions.md says what was seen', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/cases/permissions.md')
})

interface Played {
  readonly story: Scenario
  readonly seen: Seen
  /** `service:Operation`, in order. */
  readonly calls: readonly string[]
  readonly liveBefore: string | undefined
}

async function play({ inputs, before }: Told, denied?: string): Promise<Played> {
  const story = scenario()
  await before(story)
  const from = story.aws.calls.length
  const liveBefore = liveIn(story)
  if (denied !== undefined)
    story.aws.cloud.faults.order({
      fault: 'denied',
      operation: denied.replace(/^.*:/, ''),
      times: Number.POSITIVE_INFINITY,
    })
  const seen = await story.run(inputs)
  const calls = story.aws.calls.slice(from).map(({ service, operation }) => `${service}:${operation}`)
  return { story, seen, calls, liveBefore }
}

const liveIn = (story: Scenario): string | undefined =>
  Object.entries(story.pair()).find(([, { cname }]) => cname === 'shop.us-east-1.elasticbeanstalk.com')?.[0]

function judge(
  { name }: Told,
  usual: Played,
  { call, story, seen, liveBefore }: Played & { call: string },
): void {
  const action = otherwise[call] ?? call
  const about = `${name} without ${action}`
  const { outcome = '' } = seen.outputs
  const text = [seen.failed ?? '', ...seen.log, ...seen.annotations.map(({ says }) => says)].join('\n')
  expect(text, about).toContain(action)
  expect(`${text}${seen.summary}`, about).not.toContain(secret)
  expect(story.aws.bugs, about).toEqual([])
  const live = liveIn(story)
  // It went as far as without the denial, or production is where it was.
  if (seen.failed === undefined) expect(live, about).toBe(liveIn(usual.story))
  else expect(live, about).toBe(liveBefore)
  if (seen.failed?.includes(action)) expect(seen.failed, about).toContain('"Effect":"Allow"')
  const warning = seen.annotations.find(({ is, says }) => is === 'warning' && says.includes(action))?.says
  const said = seen.failed ?? warning ?? seen.log.find((line) => line.includes(action)) ?? ''
  rows.push({ story: name, action, ends: outcome, live: live ?? '–', says: brief(said.trim()) })
}

/** Up to AWS's own sentence. */
const brief = (text: string): string => (text.split('\n')[0] ?? '').split(': User: ')[0] ?? ''

const page = () =>
  [
    '# When a permission is missing',
    'In every operation every single call is denied, one at a time and all the way through. The error names the IAM action, AWS’s own sentence and the statement to add; the [whole policy](../permissions.md) has all of them. What is denied after production has moved is a warning, or brings it back.',
    ...operations.map(({ name }) =>
      [
        `## ${name}`,
        '',
        '| without | ends | production at the end | what the step says first |',
        '|---|---|---|---|',
        ...rows
          .filter(({ story }) => story === name)
          .map(({ action, ends, live, says }) => `| \`${action}\` | \`${ends}\` | ${live} | ${says} |`),
      ].join('\n'),
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n')
