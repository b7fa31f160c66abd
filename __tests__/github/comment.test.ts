import { expect, it } from 'vitest'
import type { Outcome } from '../../src/deployment/outcome.ts'
import { type Commented, keepComment } from '../../src/github/comment.ts'
import { context, type Local, local } from './local.ts'
import { failed, hostile, poisoned, promoted } from './outcomes.ts'

const where = ({ client }: Local, more: Partial<Commented> = {}): Commented => ({
  client,
  context,
  application: 'shop',
  pair: 'shop shop-blue shop-green eu-west-1',
  log: 'https://github.com/acme/shop/actions/runs/1',
  isPersonal: false,
  ...more,
})

const told = async (outcome: Outcome) => {
  const one = local()
  await one.run(keepComment(where(one), outcome))
  return one.github.state.comments[0]?.body ?? ''
}

it('a comment says how it ended, where the candidate is, its tests, and what to do', async () => {
  const body = await told({
    ...failed,
    testResults: {
      passed: 3,
      failed: 1,
      skipped: 0,
      took: 1_000,
      suites: [{ name: 'cart', passed: 3, failed: 1, skipped: 0, took: 1_000 }],
      failures: [{ suite: 'cart', name: 'adds', message: 'no', file: 'a.py', line: 3 }],
      complaints: [],
    },
  })
  expect(body).toMatchInlineSnapshot(`
    "<!-- beanstalk-blue-green shop shop%20shop-blue%20shop-green%20eu-west-1 -->
    ### ❌ <code>shop</code>: failed

    The tests failed against shop-green: exit status 1.

    |  |  |
    | --- | --- |
    | candidate | <a href="http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com">http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com</a> |
    | health | good |
    | tests | **failed** |
    | commit | <code>aaaaaaaaaaaa</code> |

    | suite | passed | failed | skipped | time |
    | --- | --- | --- | --- | --- |
    | cart | 3 | **1** | 0 | 1 s |
    | **all** | 3 | **1** | 0 | 1 s |

    ❌ **adds** (cart) at <code>a.py&#58;3</code>

    \`\`\`
    no
    \`\`\`

    See for yourself; the candidate has no traffic:

    \`\`\`sh
    curl -i http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com/health
    \`\`\`

    <a href="https://github.com/acme/shop/actions/runs/1">The run</a>"
  `)
})

it('there is one for each application and pair, however many comments there are', async () => {
  const one = local()
  await one.run(keepComment(where(one), failed))
  for (let count = 0; count < 130; count += 1)
    one.github.state.comments.unshift({
      repository: 'acme/shop',
      id: 1_000 + count,
      number: 7,
      body: 'talk',
      user: 'octocat',
      created_at: '',
      updated_at: '',
    })
  await one.run(keepComment(where(one), promoted))
  await one.run(keepComment(where(one, { pair: 'another' }), promoted))
  await one.run(keepComment(where(one, { application: 'blog --> x' }), promoted))
  const ours = one.github.state.comments.filter(({ body }) => body !== 'talk')
  expect(ours.map(({ body }) => body.split('\n')[0])).toEqual([
    '<!-- beanstalk-blue-green shop shop%20shop-blue%20shop-green%20eu-west-1 -->',
    '<!-- beanstalk-blue-green shop another -->',
    '<!-- beanstalk-blue-green blog%20--%3E%20x shop%20shop-blue%20shop-green%20eu-west-1 -->',
  ])
  expect(ours[0]?.body).toContain('promoted')
})

it('what somebody else wrote with our mark is left alone, unless we write as a person ourselves', async () => {
  const one = local()
  await one.run(keepComment(where(one), failed))
  const [comment] = one.github.state.comments
  Object.assign(comment ?? {}, { user: 'stranger' })
  await one.run(keepComment(where(one), promoted))
  expect(one.github.state.comments).toHaveLength(2)
  await one.run(keepComment(where(one, { isPersonal: true }), promoted))
  expect(one.github.state.comments).toHaveLength(2)
})

it('when the comments cannot be read there is none: a second one would be worse', async () => {
  const one = local()
  one.github.order({ fault: 'bad-gateway', method: 'GET' })
  await one.run(keepComment(where(one), promoted))
  expect(one.github.state.comments).toEqual([])
  expect(one.client.troubles).toEqual([
    'GitHub was not told of the comment on the pull request: it answers 502.',
  ])
})

it('outside of a pull request there is none', async () => {
  const one = local()
  await one.run(keepComment(where(one, { context: { ...context, pullRequest: undefined } }), promoted))
  expect(one.github.requests).toEqual([])
})

it('text from outside stays text: no mention, no link, no HTML, no end of the table', async () => {
  const body = await told(poisoned(failed))
  const own = body
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/^<!--.*-->\n/, '')
    .replaceAll(/<\/?code>|<a href="https:\/\/github\.com[^"]*">The run<\/a>/g, '')
  expect(own).not.toMatch(/<\w|<!--|\]\(|@octocat|https?:\/\/evil|www\.evil/)
  expect(body).toContain('octocat')
  for (const row of body.split('\n').filter((line) => line.startsWith('|')))
    expect(row.split('|')).toHaveLength(4)
  expect(hostile).toContain('@octocat')
})
