import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { workflowsOf } from '../../src/github/workflow.ts'
import { readInputs } from '../../src/inputs.ts'
import { fakeToolkit } from '../helpers/runner.ts'

const inputs = {
  operation: 'status',
  application: 'shop',
  'blue-environment': 'shop-blue',
  'green-environment': 'shop-green',
  'aws-region': 'eu-west-1',
}

function workflow(
  more: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
  productionName?: string,
) {
  const { settings, connection } = readInputs(fakeToolkit({ ...inputs, ...more }).toolkit, {})
  const [deploy, rollback] = workflowsOf({ settings, connection, environment, productionName })
  const text = deploy?.text as string
  return { text, steps: parse(text).jobs.deploy.steps, deploy, rollback }
}

it('is two files: the button that rolls back is not called Deploy, and never waits behind a deployment', () => {
  const { deploy, rollback } = workflow()
  expect([deploy?.path, rollback?.path]).toEqual([
    '.github/workflows/deploy.yml',
    '.github/workflows/rollback.yml',
  ])
  const [deploys, rollsBack] = [deploy, rollback].map((file) => parse(file?.text as string))
  expect([deploys.name, Object.keys(deploys.on), Object.keys(deploys.jobs)]).toEqual([
    'Deploy',
    ['push'],
    ['deploy'],
  ])
  expect([rollsBack.name, rollsBack.on, Object.keys(rollsBack.jobs)]).toEqual([
    'Roll back',
    'workflow_dispatch',
    ['rollback'],
  ])
  expect(rollsBack.jobs.rollback.steps[0].with).toMatchObject({ operation: 'rollback', application: 'shop' })
  expect(rollsBack.concurrency).not.toBe(deploys.concurrency)
})

it('names the very version of the action that runs, and else the published one', () => {
  expect(workflow().steps[1].uses).toBe('beanstalk-blue-green/beanstalk-blue-green@v0')
  const environment = { GITHUB_ACTION_REPOSITORY: 'acme/fork', GITHUB_ACTION_REF: 'v7' }
  expect(workflow({}, environment).steps[1].uses).toBe('acme/fork@v7')
})

it('has the production address that was found where none was given, and leaves out what nobody knows', () => {
  expect(workflow({}, {}, 'shop.example.com').steps[1].with['production-cname']).toBe('shop.example.com')
  expect(workflow().text).not.toContain('undefined')
  expect(workflow({ 'state-bucket': 'acme-state' }).steps[1].with['state-bucket']).toBe('acme-state')
})

const hostile = [
  'a" }}\' # : {x} [y] &z *a !b %c @d `e',
  'true',
  'NO',
  '0755',
  '- shop',
  '{{ x }}',
  'café 🛒\u2028\u0085',
  '~',
  '|',
]

it.each(hostile)('means exactly what was given: %s', (application) => {
  const { text, steps } = workflow({ application })
  expect(steps[1].with.application).toBe(application)
  expect(text).toMatch(/^[\x20-\x7e\n]*$/)
})

it('holds no expression of GitHub’s that somebody wrote into a name', () => {
  const expression = (text: string) => ['$', `{{ ${text} }}`].join('')
  const { steps, text } = workflow({ application: `shop${expression('secrets.TOKEN')}` })
  expect(steps[1].with.application).toBe(`shop${expression("'$".concat("{{'"))} secrets.TOKEN }}`)
  expect(text.match(/secrets/g)).toHaveLength(1)
  expect(text).not.toContain(expression('secrets.TOKEN'))
})

it('keeps a test command of several lines in one value', () => {
  const command = 'set -e\nnpm test -- --url "$CANDIDATE_URL"'
  expect(workflow({ 'test-command': command }).steps[1].with['test-command']).toBe(command)
})

it('says again how traffic is routed, and nothing of a CNAME then', () => {
  const given = {
    traffic: 'command',
    'production-url': 'https://www.example.com/up',
    'read-traffic-command': "./traffic read | jq '.[]'",
    'write-traffic-command': './traffic write\n./traffic wait',
    'traffic-steps': '5,100',
    'step-interval': '5m',
  }
  const { text, steps, rollback } = workflow(given, {}, 'www.example.com')
  const { 'step-interval': usual, ...said } = given
  expect(steps[1].with).toMatchObject(said)
  expect(Object.keys(steps[1].with)).not.toContain('step-interval')
  expect(parse(rollback?.text as string).jobs.rollback.steps[0].with).toMatchObject(said)
  expect(text).not.toContain('production-cname')
  expect(text).toContain('# env: with the tokens')
  expect(usual).toBe('5m')
})
