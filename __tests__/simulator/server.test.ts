import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { ElasticBeanstalkClient, SwapEnvironmentCNAMEsCommand } from '@aws-sdk/client-elastic-beanstalk'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'

let aws: LocalAws

beforeEach(async () => {
  aws = await startLocalAws({ speed: 60 })
})

afterEach(() => aws.close())

const config = () => ({
  endpoint: aws.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})

const control = async (method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${aws.url}/_simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text) }
}

describe('over HTTP', () => {
  test('real clients reach every service at one address', async () => {
    const beanstalk = new ElasticBeanstalkClient(config())
    const swap = new SwapEnvironmentCNAMEsCommand({
      SourceEnvironmentName: 'none',
      DestinationEnvironmentName: 'neither',
    })
    await expect(beanstalk.send(swap)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('No Environment found'),
    })
    const identity = await new STSClient(config()).send(new GetCallerIdentityCommand())
    expect(identity.Account).toBe('123456789012')
  })

  test('a streamed upload arrives whole, and comes back', async () => {
    const s3 = new S3Client(config())
    aws.simulator.buckets.create('b')
    const content = randomBytes(3_000_000)
    const stream = Readable.from([content.subarray(0, 1_000_000), content.subarray(1_000_000)])
    await s3.send(
      new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: stream, ContentLength: content.length }),
    )
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))
    expect(content.equals((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true)
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))
    expect(head.ContentLength).toBe(content.length)
  })

  test('a reset is a reset', async () => {
    aws.simulator.cloud.faults.order({ fault: 'reset-before', operation: 'GetCallerIdentity' })
    await expect(new STSClient(config()).send(new GetCallerIdentityCommand())).rejects.toMatchObject({
      code: 'ECONNRESET',
    })
  })

  test('a call that is never answered lasts until the simulator closes', async () => {
    aws.simulator.cloud.faults.order({ fault: 'unanswered', operation: 'GetCallerIdentity' })
    const end = new STSClient(config()).send(new GetCallerIdentityCommand()).then(
      () => 'answered',
      (error) => error.code,
    )
    while (aws.simulator.calls.length === 0) await new Promise(setImmediate)
    await aws.close()
    expect(await end).toBe('ECONNRESET')
  })

  test('clients in real time are no clients with a wrong clock, however far the simulator has run ahead', async () => {
    await aws.close()
    aws = await startLocalAws({ speed: 10_000_000 })
    const ahead = Date.now() + 3_600_000
    while (aws.simulator.cloud.clock.now() < ahead) await new Promise(setImmediate)
    await expect(new STSClient(config()).send(new GetCallerIdentityCommand())).resolves.toBeDefined()
  })
})

describe('the control API', () => {
  test('shows the state of the simulated world', async () => {
    const { given } = aws.simulator.beanstalk
    given.application('shop')
    await given.environment({ application: 'shop', name: 'shop-blue', cnamePrefix: 'shop' })
    aws.simulator.buckets.create('b')
    aws.simulator.buckets.put('b', 'k', Buffer.from('x'))
    const cname = 'shop.us-east-1.elasticbeanstalk.com'
    expect(await control('GET', 'state')).toMatchObject({
      status: 200,
      body: {
        region: 'us-east-1',
        environments: [{ name: 'shop-blue', cname, status: 'Ready' }],
        names: {
          [cname]: [expect.objectContaining({ name: cname }), expect.objectContaining({ type: 'A' })],
        },
        buckets: { b: ['k'] },
      },
    })
  })

  test('lists the calls that arrived, itself left out', async () => {
    await new STSClient(config()).send(new GetCallerIdentityCommand())
    expect(await control('GET', 'calls')).toMatchObject({
      status: 200,
      body: { calls: [{ service: 'sts', operation: 'GetCallerIdentity', mutating: false }], bugs: [] },
    })
  })

  test('takes orders for faults, and takes them back', async () => {
    const order = { fault: 'throttled', operation: 'GetCallerIdentity', times: 9 }
    expect(await control('POST', 'faults', order)).toEqual({ status: 201, body: order })
    const ask = () => new STSClient(config()).send(new GetCallerIdentityCommand())
    await expect(ask()).rejects.toMatchObject({ name: 'Throttling' })
    expect((await control('DELETE', 'faults')).status).toBe(204)
    await expect(ask()).resolves.toBeDefined()
    expect(
      (await control('POST', 'faults', { fault: 'never-healthy', environment: 'shop-blue' })).status,
    ).toBe(201)
  })

  test.each([
    [{ fault: 'bad-mood' }, /There is no fault bad-mood; there are throttled, /],
    [{ fault: 'throttled' }, /needs `operation`/],
    [{ fault: 'stuck-updating', operation: '*' }, /takes no `operation`/],
    ['nothing', /must be a fault order/],
    [{}, /needs `fault`/],
  ])('refuses %j with a sentence', async (order, message) => {
    expect(await control('POST', 'faults', order)).toEqual({
      status: 400,
      body: { message: expect.stringMatching(message) },
    })
  })

  test('has nothing else', async () => {
    expect((await control('GET', 'moon')).status).toBe(404)
  })
})
