import { DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import {
  CheckDNSAvailabilityCommand,
  CreateApplicationCommand,
  CreateEnvironmentCommand,
  DescribeApplicationVersionsCommand,
  DescribeEnvironmentHealthCommand,
  DescribeEnvironmentsCommand,
  DescribeEventsCommand,
  SwapEnvironmentCNAMEsCommand,
  TerminateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../simulator/cloud.ts'
import { amzDate } from '../../simulator/wire/authorization.ts'
import { wireWorld } from './wire-world.ts'

/** A command of the SDK's: its union of overloads is of no use here. */
type Send = object

/** What an SDK command arrives as in the service. */
async function received(operation: string, command: Send) {
  let seen: unknown
  const world = wireWorld({
    beanstalk: {
      [operation]: (input) => {
        seen = input
        return {}
      },
    },
  })
  await world.clock.run(world.beanstalk.send(command as never))
  return seen
}

/** What a service's output arrives as in the SDK. */
async function answered(operation: string, output: unknown, command: Send) {
  const world = wireWorld({ beanstalk: { [operation]: () => output } })
  return world.clock.run(world.beanstalk.send(command as never))
}

async function refused(command: Send) {
  const beanstalk = {
    CreateApplication: () => ({}),
    CreateEnvironment: () => ({}),
    DescribeEnvironments: () => ({}),
    DescribeEvents: () => ({}),
  }
  const world = wireWorld({ beanstalk })
  return world.clock.run(
    world.beanstalk.send(command as never).then(
      () => undefined,
      (error: Error) => error,
    ),
  )
}

/** A raw request, signed now unless told otherwise. */
async function raw(
  {
    method = 'POST',
    path = '/',
    form = '',
    scope = 'elasticbeanstalk',
    headers = {} as Record<string, string>,
  },
  beanstalk: Readonly<Record<string, Operation>> = {},
) {
  const world = wireWorld({ beanstalk })
  const signature = {
    authorization: `AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-date': amzDate(world.clock.now()),
  }
  const outcome = await world.clock.run(
    world.simulator.handle({
      method,
      path,
      headers: { ...(scope ? signature : {}), ...headers },
      body: Buffer.from(form),
    }),
  )
  if (typeof outcome === 'string') throw new Error(outcome)
  return { ...outcome, text: Buffer.from(outcome.body).toString('utf8'), world }
}

describe('inputs', () => {
  test('lists, booleans, timestamps, numbers and structures arrive typed', async () => {
    const time = new Date('2026-01-05T08:00:00.250Z')
    expect(
      await received(
        'DescribeEnvironments',
        new DescribeEnvironmentsCommand({
          EnvironmentIds: ['e-1', 'e-2'],
          IncludeDeleted: false,
          IncludedDeletedBackTo: time,
          MaxRecords: 7,
        }),
      ),
    ).toEqual({
      EnvironmentIds: ['e-1', 'e-2'],
      IncludeDeleted: false,
      IncludedDeletedBackTo: time,
      MaxRecords: 7,
    })
    expect(
      await received(
        'CreateEnvironment',
        new CreateEnvironmentCommand({
          ApplicationName: 'shop',
          Tier: { Name: 'WebServer', Type: 'Standard' },
          OptionSettings: [{ Namespace: 'n', OptionName: 'o', Value: 'a&b=c' }],
        }),
      ),
    ).toEqual({
      ApplicationName: 'shop',
      Tier: { Name: 'WebServer', Type: 'Standard' },
      OptionSettings: [{ Namespace: 'n', OptionName: 'o', Value: 'a&b=c' }],
    })
  })

  test('eleven members of a list keep their order', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => `e-${index}`)
    const seen = await received(
      'DescribeEnvironments',
      new DescribeEnvironmentsCommand({ EnvironmentIds: ids }),
    )
    expect(seen).toEqual({ EnvironmentIds: ids })
  })

  test('an empty list arrives as an empty list', async () => {
    const seen = await received(
      'DescribeEnvironments',
      new DescribeEnvironmentsCommand({ EnvironmentNames: [] }),
    )
    expect(seen).toEqual({ EnvironmentNames: [] })
  })

  test('the longest and the shortest name that AWS allows are allowed', async () => {
    for (const EnvironmentName of ['a'.repeat(40), 'abcd']) {
      const input = { ApplicationName: 'shop', EnvironmentName }
      expect(await received('CreateEnvironment', new CreateEnvironmentCommand(input))).toEqual(input)
    }
  })

  test('a name that is too short is refused in the words of AWS', async () => {
    const error = await refused(
      new CreateEnvironmentCommand({ ApplicationName: 'shop', EnvironmentName: 'dev' }),
    )
    expect(error).toMatchObject({
      name: 'ValidationError',
      message:
        "1 validation error detected: Value 'dev' at 'environmentName' failed to satisfy constraint: Member must have length greater than or equal to 4",
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('all broken constraints come in one message, paths of members included', async () => {
    const error = await refused(
      new CreateEnvironmentCommand({
        ApplicationName: '',
        CNAMEPrefix: 'abc',
        Tags: [{ Key: 'k'.repeat(129), Value: 'v' }],
      }),
    )
    expect(error?.message).toBe(
      "3 validation errors detected: Value '' at 'applicationName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value 'abc' at 'cNAMEPrefix' failed to satisfy constraint: Member must have length greater than or equal to 4; " +
        `Value '${'k'.repeat(129)}' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128`,
    )
  })

  test('a missing member, a number out of range, an unknown enum value and a bad list member are refused', async () => {
    const messages = [
      await refused(new CreateApplicationCommand({ ApplicationName: undefined })),
      await refused(new DescribeEventsCommand({ MaxRecords: 1001 })),
      await refused(new DescribeEventsCommand({ Severity: 'LOUD' as 'INFO' })),
      await refused(new DescribeEnvironmentsCommand({ EnvironmentNames: ['dev'] })),
    ].map((error) => error?.message)
    expect(messages).toEqual([
      "1 validation error detected: Value null at 'applicationName' failed to satisfy constraint: Member must not be null",
      "1 validation error detected: Value '1001' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 1000",
      "1 validation error detected: Value 'LOUD' at 'severity' failed to satisfy constraint: Member must satisfy enum value set: [TRACE, DEBUG, INFO, WARN, ERROR, FATAL]",
      "1 validation error detected: Value '[dev]' at 'environmentNames' failed to satisfy constraint: Member must satisfy constraint: [Member must have length greater than or equal to 4]",
    ])
  })

  test('an operation that the simulator lacks is named, whatever is wrong with its input', async () => {
    const { status, text } = await raw({ form: 'Action=CreateEnvironment&EnvironmentName=x' })
    expect({ status, text }).toEqual({
      status: 501,
      text: expect.stringContaining(
        "The simulator has no operation 'CreateEnvironment' of 'elasticbeanstalk'",
      ),
    })
  })

  test('a pattern of the API model is checked', async () => {
    const world = wireWorld({ beanstalk: { UpdateAutoScalingGroup: () => undefined } })
    const update = (name: string) =>
      world.clock.run(
        world.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 2 })),
      )
    await update('awseb-e-abc-stack-AWSEBAutoScalingGroup-1')
    await expect(update('bad\u0000name')).rejects.toThrow(/Member must satisfy regular expression pattern/)
  })

  test.each([
    ['Action=DescribeEnvironments&Nonsense=1', 'ValidationError', 'Unknown parameter: Nonsense'],
    [
      'Action=DescribeEnvironments&IncludeDeleted=maybe',
      'MalformedInput',
      'IncludeDeleted must be true or false',
    ],
    ['Action=DescribeEnvironments&MaxRecords=many', 'MalformedInput', 'MaxRecords must be a number'],
    ['Action=DescribeEnvironments&MaxRecords=1.5', 'MalformedInput', 'maxRecords must be a whole number'],
    ['Action=DescribeEvents&StartTime=yesterday', 'MalformedInput', 'timestamp must follow ISO8601'],
    [
      'Action=DescribeMoons',
      'InvalidAction',
      'Could not find operation DescribeMoons for version 2010-12-01',
    ],
    [
      'Action=DescribeEvents&Version=1999-01-01',
      'InvalidAction',
      'Could not find operation DescribeEvents for version 1999-01-01',
    ],
  ])('%s is refused', async (form, code, message) => {
    const { status, text } = await raw(
      { form },
      { DescribeEnvironments: () => ({}), DescribeEvents: () => ({}) },
    )
    expect({ status, text }).toEqual({
      status: 400,
      text: expect.stringContaining(`<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>`),
    })
  })

  test('a timestamp may be in the basic format of ISO 8601', async () => {
    let seen: unknown
    const DescribeEvents = ({ StartTime }: { StartTime: Date }) => {
      seen = StartTime
      return {}
    }
    await raw({ form: 'Action=DescribeEvents&StartTime=20260105T090001Z' }, { DescribeEvents })
    expect(seen).toEqual(new Date('2026-01-05T09:00:01Z'))
  })

  test('GET, `Operation` and `.members.` are understood, and JSON is answered to who asks for it', async () => {
    const { text, headers } = await raw(
      {
        method: 'GET',
        path: '/?Operation=DescribeEnvironments&EnvironmentNames.members.1=shop-blue',
        headers: { accept: 'application/json' },
      },
      {
        DescribeEnvironments: ({ EnvironmentNames: [EnvironmentName] }) => ({
          Environments: [{ EnvironmentName, DateCreated: new Date(1_500) }],
        }),
      },
    )
    expect(JSON.parse(text)).toMatchObject({
      DescribeEnvironmentsResponse: {
        DescribeEnvironmentsResult: { Environments: [{ EnvironmentName: 'shop-blue', DateCreated: 1.5 }] },
        ResponseMetadata: { RequestId: headers['x-amzn-requestid'] },
      },
    })
  })
})

describe('outputs', () => {
  test('structures, lists, timestamps, booleans and numbers reach the SDK', async () => {
    const time = new Date('2026-01-05T09:00:00.123Z')
    const environment = {
      EnvironmentName: 'shop-blue',
      Description: ' <&"\'> &lt;ä ',
      DateUpdated: time,
      AbortableOperationInProgress: false,
      Status: 'Ready',
    }
    const output = { Environments: [environment], NextToken: 'n' }
    expect(await answered('DescribeEnvironments', output, new DescribeEnvironmentsCommand({}))).toMatchObject(
      output,
    )
    const health = {
      EnvironmentName: 'e',
      ApplicationMetrics: { Duration: 10, Latency: { P99: 0.25 } },
      Causes: [],
    }
    expect(
      await answered('DescribeEnvironmentHealth', health, new DescribeEnvironmentHealthCommand({})),
    ).toMatchObject(health)
    expect(
      await answered('DescribeEnvironments', { Environments: [] }, new DescribeEnvironmentsCommand({})),
    ).toMatchObject({ Environments: [] })
  })

  test('the members of an output stand in the envelope of AWS', async () => {
    const { text, headers } = await raw(
      { form: 'Action=CheckDNSAvailability&CNAMEPrefix=shop' },
      {
        CheckDNSAvailability: () => ({
          Available: true,
          FullyQualifiedCNAME: 'shop.us-east-1.elasticbeanstalk.com',
        }),
      },
    )
    expect(text).toBe(
      '<CheckDNSAvailabilityResponse xmlns="http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/">' +
        '<CheckDNSAvailabilityResult><Available>true</Available>' +
        '<FullyQualifiedCNAME>shop.us-east-1.elasticbeanstalk.com</FullyQualifiedCNAME></CheckDNSAvailabilityResult>' +
        `<ResponseMetadata><RequestId>${headers['x-amzn-requestid']}</RequestId></ResponseMetadata></CheckDNSAvailabilityResponse>`,
    )
  })

  test('an operation without output answers only its metadata', async () => {
    const { text, headers } = await raw(
      { form: 'Action=SwapEnvironmentCNAMEs' },
      { SwapEnvironmentCNAMEs: () => undefined },
    )
    expect(text).toBe(
      '<SwapEnvironmentCNAMEsResponse xmlns="http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/">' +
        `<ResponseMetadata><RequestId>${headers['x-amzn-requestid']}</RequestId></ResponseMetadata></SwapEnvironmentCNAMEsResponse>`,
    )
  })

  test('the service knows the request id that the SDK is told', async () => {
    let known = ''
    const world = wireWorld({
      beanstalk: {
        TerminateEnvironment: (_, call) => {
          known = call.requestId
          return {}
        },
      },
    })
    const { $metadata } = await world.clock.run(world.beanstalk.send(new TerminateEnvironmentCommand({})))
    expect($metadata.requestId).toBe(known)
    expect(known).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test.each([
    [
      'a member that the model does not have',
      { Environments: [{ Colour: 'blue' }] },
      /Environments\[0\]\.Colour is not in the API model/,
    ],
    [
      'a value of a wrong type',
      { Environments: [{ DateUpdated: 5 }] },
      /DateUpdated must be a Date, and is 5/,
    ],
    [
      'a value outside its enum',
      { Environments: [{ Status: 'Happy' }] },
      /Status must be one of .*Ready.*"Happy"/,
    ],
    ['a missing list', { Environments: 'none' }, /Environments must be a list/],
  ])('%s is a bug that the client is told of, loudly', async (_, output, message) => {
    const world = wireWorld({ beanstalk: { DescribeEnvironments: () => output } })
    await expect(
      world.clock.run(world.beanstalk.send(new DescribeEnvironmentsCommand({}))),
    ).rejects.toMatchObject({
      name: 'SimulatorBug',
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 500 },
    })
    expect(world.simulator.bugs).toEqual([expect.stringMatching(message)])
  })

  test('an operation that AWS has and the simulator lacks is not an InvalidAction', async () => {
    await expect(refused(new CheckDNSAvailabilityCommand({ CNAMEPrefix: 'shop' }))).resolves.toMatchObject({
      name: 'NotImplemented',
      message: "The simulator has no operation 'CheckDNSAvailability' of 'elasticbeanstalk'",
      $metadata: { httpStatusCode: 501 },
    })
  })

  test('statuses of versions may be upper case, as AWS sends them', async () => {
    const output = { ApplicationVersions: [{ VersionLabel: 'v1', Status: 'PROCESSED' }] }
    expect(
      await answered('DescribeApplicationVersions', output, new DescribeApplicationVersionsCommand({})),
    ).toMatchObject(output)
  })

  test('Auto Scaling is answered by its own model', async () => {
    const group = {
      AutoScalingGroupName: 'g',
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      DefaultCooldown: 300,
      AvailabilityZones: ['us-east-1a'],
      HealthCheckType: 'EC2',
      CreatedTime: new Date(0),
      Instances: [],
    }
    const world = wireWorld({
      beanstalk: { DescribeAutoScalingGroups: () => ({ AutoScalingGroups: [group] }) },
    })
    const answer = await world.clock.run(world.autoScaling.send(new DescribeAutoScalingGroupsCommand({})))
    expect(answer.AutoScalingGroups).toEqual([group])
  })
})

describe('who asks', () => {
  test('a request without a signature lacks its authentication token', async () => {
    const { status, text } = await raw({ form: 'Action=DescribeEnvironments', scope: '' })
    expect({ status, text }).toEqual({
      status: 403,
      text: expect.stringContaining(
        '<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>',
      ),
    })
  })

  test('the version tells the service where the scope is unknown', async () => {
    const { text } = await raw({ form: 'Action=GetCallerIdentity&Version=2011-06-15', scope: 'unheard-of' })
    expect(text).toContain('<Account>123456789012</Account>')
  })

  test('a service that the simulator does not have says so', async () => {
    const { status, text } = await raw({ path: '/', scope: 'route53' })
    expect({ status, text }).toEqual({
      status: 501,
      text: expect.stringContaining("The simulator has no service 'route53'"),
    })
  })
})

test('every call is recorded with its time, its input and the error that it was answered', async () => {
  const world = wireWorld({
    beanstalk: {
      SwapEnvironmentCNAMEs: () => undefined,
      DescribeEnvironments: () => ({}),
      DescribeEvents: () => ({}),
    },
  })
  await world.clock.run(
    (async () => {
      await world.beanstalk.send(new DescribeEnvironmentsCommand({ ApplicationName: 'shop' }))
      await world.beanstalk.send(new SwapEnvironmentCNAMEsCommand({ SourceEnvironmentId: 'e-1' }))
      await world.beanstalk.send(new DescribeEventsCommand({ MaxRecords: 0 })).catch(() => {})
    })(),
  )
  const start = Date.UTC(2026, 0, 5, 9)
  expect(world.simulator.calls).toEqual([
    {
      at: start + 20,
      service: 'elasticbeanstalk',
      operation: 'DescribeEnvironments',
      input: { ApplicationName: 'shop' },
      mutating: false,
    },
    {
      at: start + 60,
      service: 'elasticbeanstalk',
      operation: 'SwapEnvironmentCNAMEs',
      input: { SourceEnvironmentId: 'e-1' },
      mutating: true,
    },
    {
      at: start + 100,
      service: 'elasticbeanstalk',
      operation: 'DescribeEvents',
      input: expect.objectContaining({ MaxRecords: '0' }),
      error: 'ValidationError',
      mutating: false,
    },
  ])
})
