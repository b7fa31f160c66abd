import { expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const node22 = 'Node.js 22 running on 64bit Amazon Linux 2023'
const arn = (name: string, version: string) =>
  `arn:aws:elasticbeanstalk:us-east-1::platform/${name}/${version}`

test('every solution stack is a platform version, and the newest of each branch is recommended', async () => {
  const { eb, run } = beanstalkWorld()
  const { PlatformSummaryList = [] } = await run(
    eb.listPlatformVersions({
      Filters: [{ Type: 'PlatformBranchName', Operator: '=', Values: [node22] }],
    }),
  )
  expect(PlatformSummaryList[0]).toEqual({
    PlatformArn: arn(node22, '6.6.1'),
    PlatformOwner: 'AWSElasticBeanstalk',
    PlatformStatus: 'Ready',
    PlatformCategory: 'Node.js',
    OperatingSystemName: 'Amazon Linux',
    OperatingSystemVersion: '2023',
    SupportedTierList: ['WebServer/Standard', 'Worker/SQS/HTTP'],
    SupportedAddonList: ['Log/S3', 'Monitoring/Healthd', 'WorkerDaemon/SQSD'],
    PlatformLifecycleState: 'Recommended',
    PlatformVersion: '6.6.1',
    PlatformBranchName: node22,
    PlatformBranchLifecycleState: 'Supported',
  })
  expect(PlatformSummaryList.map((one) => [one.PlatformVersion, one.PlatformLifecycleState])).toEqual([
    ['6.6.1', 'Recommended'],
    ['6.5.2', undefined],
  ])
})

test('a new platform version takes the recommendation over; 6.10.0 is newer than 6.6.1', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  world.given.stack('64bit Amazon Linux 2023 v6.10.0 running Node.js 22')
  const { PlatformSummaryList } = await run(
    eb.listPlatformVersions({
      Filters: [
        { Type: 'PlatformLifecycleState', Operator: '=', Values: ['recommended'] },
        { Type: 'PlatformName', Operator: 'begins_with', Values: ['Node.js 22'] },
      ],
    }),
  )
  expect(PlatformSummaryList?.map(({ PlatformVersion }) => PlatformVersion)).toEqual(['6.10.0'])
  expect((await run(eb.listAvailableSolutionStacks({}))).SolutionStacks?.[0]).toContain('v6.10.0')
})

test.each([
  ['PlatformVersion', '<', '6.6.1', 4],
  ['PlatformVersion', '<=', '4.6.1', 1],
  ['PlatformVersion', '>', '6.5.2', 2],
  ['PlatformVersion', '>=', '6.5.2', 3],
  ['PlatformVersion', '!=', '4.7.1', 4],
  ['ProgrammingLanguageName', '=', 'Corretto', 1],
  ['PlatformName', 'contains', 'Docker', 1],
  ['PlatformName', 'ends_with', 'Linux 2023', 6],
  ['PlatformOwner', '=', 'self', 0],
  ['SupportedTier', '=', 'Worker/SQS/HTTP', 6],
])('platform versions with %s %s %s', async (Type, Operator, value, count) => {
  const { eb, run } = beanstalkWorld()
  const { PlatformSummaryList } = await run(
    eb.listPlatformVersions({ Filters: [{ Type, Operator, Values: [value] }] }),
  )
  expect(PlatformSummaryList).toHaveLength(count)
})

test('a filter that does not exist is refused', async () => {
  const { eb, run } = beanstalkWorld()
  const by = (Type: string, Operator: string) =>
    run(refusal(eb.listPlatformVersions({ Filters: [{ Type, Operator, Values: ['x'] }] })))
  expect(await by('Colour', '=')).toBe("InvalidParameterValue: Invalid filter type: 'Colour'.")
  expect(await by('PlatformOwner', 'like')).toBe("InvalidParameterValue: Invalid filter operator: 'like'.")
})

test('platform versions and branches come in pages', async () => {
  const { eb, run } = beanstalkWorld()
  const first = await run(eb.listPlatformVersions({ MaxRecords: 4 }))
  const rest = await run(eb.listPlatformVersions({ MaxRecords: 4, NextToken: first.NextToken }))
  expect([first.PlatformSummaryList?.length, rest.PlatformSummaryList?.length, rest.NextToken]).toEqual([
    4,
    2,
    undefined,
  ])
  expect((await run(eb.listPlatformBranches({ MaxRecords: 1 }))).PlatformBranchSummaryList).toHaveLength(1)
})

test('a platform version tells its languages and its solution stack', async () => {
  const { eb, run } = beanstalkWorld()
  const { PlatformDescription } = await run(eb.describePlatformVersion({ PlatformArn: arn(node22, '6.5.2') }))
  expect(PlatformDescription).toMatchObject({
    PlatformName: node22,
    SolutionStackName: '64bit Amazon Linux 2023 v6.5.2 running Node.js 22',
    Description: '64bit Amazon Linux running Node.js',
    ProgrammingLanguages: [{ Name: 'Node.js', Version: '22' }],
  })
  expect(PlatformDescription?.PlatformLifecycleState).toBeUndefined()
  expect(await run(refusal(eb.describePlatformVersion({ PlatformArn: arn(node22, '1.0.0') })))).toMatch(
    /^InvalidParameterValue: No Platform named '/,
  )
  expect(await run(refusal(eb.describePlatformVersion({})))).toMatch(/^MissingParameter: .*PlatformArn/)
})

test('branches of a platform are in order, the newer one last', async () => {
  const { eb, run } = beanstalkWorld()
  const { PlatformBranchSummaryList = [] } = await run(
    eb.listPlatformBranches({
      Filters: [
        { Attribute: 'PlatformName', Operator: '=', Values: ['Node.js'] },
        { Attribute: 'LifecycleState', Operator: '!=', Values: ['Retired'] },
        { Attribute: 'TierType', Operator: '=', Values: ['WebServer/Standard'] },
      ],
    }),
  )
  const inOrder = [...PlatformBranchSummaryList].sort((a, b) => (a.BranchOrder ?? 0) - (b.BranchOrder ?? 0))
  expect(inOrder.map(({ BranchName }) => BranchName)).toEqual([node22.replace('22', '20'), node22])
  const named = (Operator: string) =>
    run(eb.listPlatformBranches({ Filters: [{ Attribute: 'BranchName', Operator, Values: [node22, 'x'] }] }))
  expect((await named('in')).PlatformBranchSummaryList).toHaveLength(1)
  expect((await named('not_in')).PlatformBranchSummaryList).toHaveLength(4)
})
