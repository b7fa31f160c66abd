import { describe, expect, it } from 'vitest'
import { driftOf } from '../../src/deployment/configuration/drift.ts'
import { byHand } from '../../src/deployment/configuration/drift-remedies.ts'
import { inWordsOf, rowsOf } from '../../src/deployment/configuration/drift-report.ts'
import type { Environment } from '../../src/deployment/environment.ts'
import type { OptionSetting } from '../../src/deployment/ports.ts'

const environment = (name: string, more: Partial<Environment> = {}): Environment => ({
  id: `e-${name}`,
  name: `shop-${name}`,
  status: 'Ready',
  health: 'Ok',
  cname: `${name}.example`,
  endpoint: `lb-${name}.elb`,
  version: '1.0.0',
  tier: 'WebServer',
  description: '',
  platform: 'P1',
  updated: 0,
  ...more,
})

const variables = 'aws:elasticbeanstalk:application:environment'
const launch = 'aws:autoscaling:launchconfiguration'

/** Options as `namespace/name` with values; a third part is the resource. */
const options = (given: Readonly<Record<string, string>>): readonly OptionSetting[] =>
  Object.entries(given).map(([key, value]) => {
    const [namespace = '', name = '', resource] = key.split('/')
    return { namespace, name, value, ...(resource !== undefined && { resource }) }
  })

const driftBetween = (
  live: Readonly<Record<string, string>>,
  candidate: Readonly<Record<string, string>>,
  { own = {}, green = {} }: { own?: Record<string, string>; green?: Partial<Environment> } = {},
) =>
  driftOf(
    { environment: environment('blue'), options: options(live) },
    { environment: environment('green', green), options: options(candidate) },
    options(own),
  )

const said = (...given: Parameters<typeof driftBetween>) =>
  rowsOf(driftBetween(...given)).map((row) => inWordsOf(row, { live: 'blue', candidate: 'green' }))

describe('a difference is', () => {
  it('another value, a value that one has not, and another platform', () => {
    expect(
      said({ 'x/a': '1', 'x/b': '2' }, { 'x/a': '9', 'x/c': '3' }, { green: { platform: 'P2' } }),
    ).toEqual([
      'platform (P1 on blue, P2 on green)',
      'x a (1 on blue, 9 on green)',
      'x b (2 on blue, not set on green)',
      'x c (not set on blue, 3 on green)',
    ])
  })

  it('told without its values where they are of an environment property, or look secret', () => {
    expect(
      said(
        { [`${variables}/URL`]: 'one', [`${variables}/A`]: '1', 'x/ApiToken': 'one' },
        { [`${variables}/URL`]: 'two', [`${variables}/B`]: '1', 'x/ApiToken': 'two' },
      ),
    ).toEqual([
      `${variables} A (only on live)`,
      `${variables} B (only on the candidate)`,
      `${variables} URL (differs)`,
      'x ApiToken (differs)',
    ])
  })

  it('cut where its value is very long', () => {
    expect(said({ 'x/a': 'v'.repeat(500) }, {})[0]).toBe(
      `x a (${'v'.repeat(120)}… on blue, not set on green)`,
    )
  })

  it('found in scheduled actions by the name of each', () => {
    const at = (time: string) => ({ 'aws:autoscaling:scheduledaction/StartTime/night': time })
    const day = { 'aws:autoscaling:scheduledaction/StartTime/day': '08' }
    expect(said({ ...at('22'), ...day }, { ...at('23'), ...day })).toEqual([
      'aws:autoscaling:scheduledaction night StartTime (22 on blue, 23 on green)',
    ])
  })
})

describe('no difference is', () => {
  it.each([
    [
      'another order, case of a boolean, or blank',
      { 'x/a': 'q, p', 'x/b': 'True', 'x/c': '' },
      { 'x/a': 'p,q', 'x/b': 'true' },
    ],
    [
      'what carries each one’s own id, address or name',
      { 'x/a': 'e-blue/1', 'x/b': 'http://lb-blue.elb', 'x/c': 'blue.example', 'x/d': 'app-shop-blue' },
      { 'x/a': 'e-green/1', 'x/b': 'http://lb-green.elb', 'x/c': 'green.example', 'x/d': 'app-shop-green' },
    ],
    ['what is all of it live’s own', { 'x/a': 'sg-e-blue-1' }, { 'x/a': 'mine' }],
    ['a part of a list that is', { 'x/a': 'sg-e-blue-1,one' }, { 'x/a': 'one,sg-e-green-2' }],
    [
      'the one security group that each has for itself',
      { [`${launch}/SecurityGroups`]: 'sg-1a,sg-2' },
      { [`${launch}/SecurityGroups`]: 'sg-2,sg-3b' },
    ],
    [
      'capacity, how it is deployed, and what Beanstalk makes itself',
      {
        'aws:autoscaling:asg/MinSize': '2',
        'aws:elasticbeanstalk:command/DeploymentPolicy': 'Rolling',
        'aws:cloudformation:template:parameter/X': '1',
        'aws:elasticbeanstalk:sns:topics/Notification Topic ARN': 'arn',
        'aws:rds:dbinstance/HasCoupledDatabase': 'false',
      },
      {},
    ],
    ['a resource’s name that only one shows', { 'x/a/Resource': '1' }, { 'x/a': '1' }],
  ])('%s', (_, live, candidate) => {
    expect(said(live, candidate)).toEqual([])
  })

  it('what the inputs set', () => {
    expect(said({ 'x/a': '1' }, { 'x/a': '2' }, { own: { 'x/a': '3' } })).toEqual([])
  })

  it('an environment property where the candidate is for verification only', () => {
    const live = { [`${variables}/SECRET`]: 's', 'x/a': '1' }
    const sign = { [`${variables}/BLUE_GREEN_ENVIRONMENT`]: 'verification' }
    const byAction = { description: 'Created by Beanstalk Blue/Green, run (n), for verification only' }
    expect(said(live, { 'x/a': '1' }, { green: byAction })).toEqual([])
    expect(said(live, { 'x/a': '1', ...sign })).toEqual([])
    expect(said(live, { 'x/a': '1' })).toEqual([`${variables} SECRET (only on live)`])
  })

  it('what an environment without an address has alike', () => {
    const green = { cname: undefined, endpoint: undefined }
    expect(said({ 'x/a': 'e-blue' }, { 'x/a': 'e-green' }, { green })).toEqual([])
  })

  it('a platform that nobody names', () => {
    expect(said({}, {}, { green: { platform: undefined } })).toEqual([])
  })
})

it('an environment property is compared as it is written', () => {
  expect(said({ [`${variables}/LIST`]: 'a,b' }, { [`${variables}/LIST`]: 'b,a' })).toHaveLength(1)
})

it('security groups of which nobody can tell whose they are, are said to be', () => {
  const groups = (list: string) => ({ [`${launch}/SecurityGroups`]: list })
  expect(driftBetween(groups('sg-1,sg-2'), groups('sg-3')).options[0]).toMatchObject({ isUnclear: true })
  expect(driftBetween(groups('sg-1,sg-2'), groups('sg-1')).options[0]).toMatchObject({ isUnclear: false })
  expect(driftBetween(groups('own,sg-2'), groups('own,named')).options[0]).toMatchObject({ isUnclear: false })
})

describe('by hand', () => {
  const sides = { live: environment('blue'), candidate: environment('green') }

  it('the commands set and take out what may be shown, and count the rest', () => {
    const scheduled = { 'aws:autoscaling:scheduledaction/StartTime/night': '22' }
    const live = { 'x/a': '1', [`${variables}/ONE`]: '1', ...scheduled }
    const [first] = byHand({ ...sides, drift: driftBetween(live, { 'x/b': '2' }) })
    expect(first?.why).toContain('(one option is not shown here)')
    expect(first?.command).toContain(
      `--option-settings '[{"ResourceName":"night","Namespace":"aws:autoscaling:scheduledaction","OptionName":"StartTime","Value":"22"},{"Namespace":"x","OptionName":"a","Value":"1"}]'`,
    )
    expect(first?.command).toContain(`--options-to-remove '[{"Namespace":"x","OptionName":"b"}]'`)
  })

  it('a platform is updated by an ARN or a solution stack’s name', () => {
    const command = (live: string) =>
      byHand({ ...sides, drift: { options: [], platform: { live, candidate: 'P2' } } })[0]?.command
    expect(command('P1')).toContain('--solution-stack-name P1')
    expect(command('arn:aws:x:platform/P/1')).toContain('--platform-arn arn:aws:x:platform/P/1')
  })

  it('there is no command where nothing may be shown', () => {
    const drift = driftBetween({ [`${variables}/ONE`]: '1', [`${variables}/TWO`]: '1' }, {})
    expect(byHand({ ...sides, drift })).toEqual([])
  })
})
