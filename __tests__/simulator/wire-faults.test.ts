import {
  DescribeEnvironmentsCommand,
  DescribeEventsCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import type { CallFault } from '../../simulator/faults.ts'
import { wireWorld } from './wire-world.ts'

/** A world in which UpdateEnvironment counts how often it took effect. */
function counting(options: Parameters<typeof wireWorld>[0] = {}) {
  let effects = 0
  const world = wireWorld({
    beanstalk: {
      UpdateEnvironment: () => {
        effects += 1
        return {}
      },
      DescribeEnvironments: () => ({}),
      DescribeEvents: () => ({}),
    },
    ...options,
  })
  const update = (options: { abortSignal?: AbortSignal } = {}) =>
    world.clock.run(world.beanstalk.send(new UpdateEnvironmentCommand({}), options))
  return { ...world, update, effects: () => effects }
}

describe('faults', () => {
  test.each<[CallFault, number, object]>([
    [
      'throttled',
      0,
      {
        name: 'Throttling',
        message: 'Rate exceeded',
        $metadata: expect.objectContaining({ httpStatusCode: 400 }),
      },
    ],
    [
      'server-error',
      0,
      { name: 'InternalFailure', $metadata: expect.objectContaining({ httpStatusCode: 500 }) },
    ],
    ['unavailable', 0, { $metadata: expect.objectContaining({ httpStatusCode: 503 }) }],
    ['reset-before', 0, { name: 'TimeoutError', code: 'ECONNRESET' }],
    ['answer-lost', 1, { name: 'TimeoutError', code: 'ECONNRESET' }],
    [
      'expired-credentials',
      0,
      { name: 'ExpiredToken', $metadata: expect.objectContaining({ httpStatusCode: 403 }) },
    ],
    [
      'clock-skew',
      0,
      {
        name: 'SignatureDoesNotMatch',
        message: expect.stringMatching(/^Signature expired: .* is now earlier than/),
        $metadata: expect.objectContaining({ httpStatusCode: 403 }),
      },
    ],
    [
      'denied',
      0,
      {
        name: 'AccessDenied',
        message: expect.stringContaining(
          'is not authorized to perform: elasticbeanstalk:UpdateEnvironment on resource: *',
        ),
      },
    ],
  ])('%s: the update took effect %i times', async (fault, effects, error) => {
    const world = counting()
    world.cloud.faults.order({ fault, operation: 'UpdateEnvironment' })
    await expect(world.update()).rejects.toMatchObject(error)
    expect(world.effects()).toBe(effects)
    expect(world.simulator.calls[0]?.error).toBeDefined()
    await world.update()
    expect(world.effects()).toBe(effects + 1)
  })

  test('slow: it happens, and its answer takes its time', async () => {
    const world = counting()
    world.cloud.faults.order({ fault: 'slow', operation: '*', forMs: 90_000 })
    const before = world.clock.now()
    await world.update()
    expect(world.effects()).toBe(1)
    expect(world.clock.now() - before).toBe(90_040)
  })

  test('unanswered: it never happens, and the timeout of the client ends it in simulated time', async () => {
    const world = counting({ timeoutMs: 30_000 })
    world.cloud.faults.order({ fault: 'unanswered', operation: 'UpdateEnvironment' })
    const before = world.clock.now()
    await expect(world.update()).rejects.toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' })
    expect(world.clock.now() - before).toBe(30_000)
    expect(world.effects()).toBe(0)
    expect(world.simulator.calls[0]).toMatchObject({ error: 'unanswered' })
  })

  test('unanswered: an abort ends it', async () => {
    const world = counting()
    const abort = new AbortController()
    world.cloud.faults.order({ fault: 'unanswered', operation: 'UpdateEnvironment' })
    world.clock.at(world.clock.now() + 5_000, () => abort.abort())
    await expect(world.update({ abortSignal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('S3 has its own words for them, and none for HEAD', async () => {
    const world = wireWorld()
    world.store.create('b')
    const put = () =>
      world.clock.run(world.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' })))
    world.cloud.faults.order({ fault: 'throttled', operation: 'PutObject' })
    await expect(put()).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } })
    world.cloud.faults.order({ fault: 'denied', operation: 'PutObject' })
    await expect(put()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:PutObject on resource: "arn:aws:s3:::b/k"'),
    })
    world.cloud.faults.order({ fault: 'denied', operation: 'HeadObject' })
    await expect(
      world.clock.run(world.s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
  })
})

describe('throttling', () => {
  test('DescribeEnvironments and DescribeEvents share 15 calls at once and 2 a second', async () => {
    const world = counting({ throttling: true, latencyMs: 0 })
    const read = (count: number) =>
      world.clock.run(
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            (index % 2
              ? world.beanstalk.send(new DescribeEnvironmentsCommand({}))
              : world.beanstalk.send(new DescribeEventsCommand({}))
            ).then(
              () => 'answered',
              (error: Error) => error.name,
            ),
          ),
        ),
      )
    expect(await read(17)).toEqual([...Array(15).fill('answered'), 'Throttling', 'Throttling'])
    await world.clock.runUntil(world.clock.now() + 1_000)
    expect(await read(3)).toEqual(['answered', 'answered', 'Throttling'])
    await world.clock.runUntil(world.clock.now() + 3_600_000)
    expect((await read(16)).filter((one) => one === 'answered')).toHaveLength(15)
  })

  test.each([
    [false, 20],
    [true, 15],
  ])('changes are throttled only if the switch says so (%s)', async (mutatingCallsThrottled, effects) => {
    const world = counting({ throttling: true, latencyMs: 0, switches: { mutatingCallsThrottled } })
    await Promise.allSettled(Array.from({ length: 20 }, () => world.update()))
    expect(world.effects()).toBe(effects)
  })
})

describe('clocks', () => {
  test('every answer carries the date of the simulated clock', async () => {
    const world = counting()
    const dates: (string | undefined)[] = []
    const handle = world.simulator.handle
    const record = async (request: Parameters<typeof handle>[0]) => {
      const outcome = await handle(request)
      if (typeof outcome !== 'string') dates.push(outcome.headers.date)
      return outcome
    }
    const request = { method: 'POST', path: '/', headers: {}, body: Buffer.from('Action=DescribeEvents') }
    await world.clock.run(record(request))
    world.cloud.faults.order({ fault: 'unavailable', operation: 'DescribeEvents' })
    await world.clock.runUntil(world.clock.now() + 60_000)
    await world.clock.run(record(request))
    await world.clock.run(record({ method: 'GET', path: '/bucket/key', headers: {}, body: new Uint8Array() }))
    expect(dates).toEqual([
      'Mon, 05 Jan 2026 09:00:00 GMT',
      'Mon, 05 Jan 2026 09:01:00 GMT',
      'Mon, 05 Jan 2026 09:01:00 GMT',
    ])
  })

  test('an hour of simulated time between calls does not skew a client', async () => {
    const world = counting()
    for (let hour = 0; hour < 3; hour++) {
      await world.update()
      await world.clock.runUntil(world.clock.now() + 3_600_000)
    }
    expect(world.simulator.calls.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
  })

  test.each([
    [
      -6 * 60_000,
      /^Signature expired: 20260105T085400Z is now earlier than 20260105T085500Z \(20260105T090000Z - 5 min\.\)$/,
    ],
    [
      6 * 60_000,
      /^Signature not yet current: 20260105T090600Z is still later than 20260105T090500Z \(20260105T090000Z \+ 5 min\.\)$/,
    ],
  ])('a clock that is %i ms off is refused', async (skewMs, message) => {
    const world = counting({ skewMs })
    await expect(world.update()).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 403 },
    })
  })

  test('the SDK learns the time from the refusal, and is right from then on', async () => {
    const world = counting({ skewMs: 20 * 60_000 })
    await expect(world.update()).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    await world.update()
    expect(world.effects()).toBe(1)
  })

  test('S3 bears a clock that is ten minutes off, and not one that is sixteen', async () => {
    for (const [minutes, name] of [
      [10, 'NoSuchBucket'],
      [16, 'RequestTimeTooSkewed'],
    ] as const) {
      const world = wireWorld({ skewMs: minutes * 60_000 })
      await expect(
        world.clock.run(world.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }))),
      ).rejects.toMatchObject({ name })
    }
  })
})
