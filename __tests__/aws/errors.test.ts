import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import { createBackoff } from '../../src/aws/backoff.ts'
import { reading, writing, writingOnce } from '../../src/aws/errors.ts'
import { createRetryStrategy } from '../../src/aws/retry.ts'
import { isCalled, statusOf, troubleOf } from '../../src/aws/trouble.ts'
import { AnswerLost, Conflict, Refused, Unreachable } from '../../src/deployment/errors.ts'
import { portClock } from './world.ts'

const asked = { to: 'update e-1', action: 'elasticbeanstalk:UpdateEnvironment' }

/** An error as the SDK throws it. */
const sdkError = (name: string, status: number | undefined, message = '', more: object = {}): Error =>
  Object.assign(new Error(message), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status, ...more } }),
  })

const networkError = (code: string) => Object.assign(new Error('socket hang up'), { name: 'Error', code })

const failing = (error: Error) => () => Promise.reject(error)
const caught = (work: Promise<unknown>): Promise<Refused> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (thrown) => thrown,
  )

describe('an error means', () => {
  it.each([
    [sdkError('Throttling', 400), 'not now'],
    [sdkError('SlowDown', 503), 'not now'],
    [sdkError('ScalingActivityInProgressFault', 400), 'not now'],
    [sdkError('Unknown', 429), 'not now'],
    [sdkError('Unknown', 502), 'no answer'],
    [sdkError('InternalFailure', 500), 'no answer'],
    [sdkError('TimeoutError', undefined), 'no answer'],
    [sdkError('RequestTimeout', 400), 'no answer'],
    [networkError('ECONNRESET'), 'no answer'],
    [networkError('ENOTFOUND'), 'no answer'],
    [networkError('CERT_HAS_EXPIRED'), 'no answer'],
    [sdkError('AccessDenied', 403), 'denied'],
    [sdkError('InsufficientPrivilegesException', 403), 'denied'],
    [sdkError('Unknown', 403), 'denied'],
    [sdkError('ExpiredToken', 403), 'bad credentials'],
    [sdkError('ExpiredToken', 400), 'bad credentials'],
    [sdkError('InvalidClientTokenId', 403), 'bad credentials'],
    [sdkError('CredentialsProviderError', undefined), 'bad credentials'],
    [sdkError('SignatureDoesNotMatch', 403, '', { clockSkewCorrected: true }), 'skewed'],
    [sdkError('SignatureDoesNotMatch', 403), 'refused'],
    [sdkError('InvalidParameterValue', 400), 'refused'],
    [sdkError('InvalidParameterValue', 400, '', { clockSkewCorrected: true }), 'refused'],
    [sdkError('PermanentRedirect', 301), 'refused'],
    [sdkError('AbortError', undefined), 'foreign'],
    [new TypeError('x is not a function'), 'foreign'],
    [new Conflict('somebody else'), 'foreign'],
    ['a string', 'foreign'],
  ])('%s: %s', (error, trouble) => {
    expect(troubleOf(error)).toBe(trouble)
  })

  it('that an answer came which nobody can read: nobody knows what happened', () => {
    const unreadable = Object.assign(new SyntaxError('Unexpected token'), { $response: {} })
    expect(troubleOf(unreadable)).toBe('no answer')
  })

  it('nothing when it is none', () => {
    expect(isCalled('NoSuchKey', 'NoSuchKey')).toBe(false)
    expect(statusOf('404')).toBeUndefined()
    expect(statusOf(sdkError('NotFound', 404))).toBe(404)
  })
})

describe('an error becomes', () => {
  it('Unreachable for a read and AnswerLost for a write when no answer came', async () => {
    expect(await caught(reading(asked, failing(networkError('ECONNRESET'))))).toBeInstanceOf(Unreachable)
    expect(await caught(writing(asked, failing(networkError('ECONNRESET'))))).toBeInstanceOf(AnswerLost)
  })

  it('Unreachable for a throttled read, and Refused for a throttled write: nothing happened', async () => {
    expect(await caught(reading(asked, failing(sdkError('Throttling', 400))))).toBeInstanceOf(Unreachable)
    expect(await caught(writing(asked, failing(sdkError('Throttling', 400))))).toBeInstanceOf(Refused)
  })

  it('what it is when it is not one of AWS, so that a mistake of ours keeps its stack', async () => {
    const bug = new TypeError('x is not a function')
    expect(await caught(reading(asked, failing(bug)))).toBe(bug)
    expect(await caught(writing(asked, failing(bug)))).toBe(bug)
  })

  it('never a text with the value of an option, a signed request or a session token in it', async () => {
    const messages = [
      "Configuration validation exception: Invalid option value: 'hunter2' (Namespace: 'aws:ec2:vpc', OptionName: 'Subnets'): Specify the subnets for the VPC.",
      "1 validation error detected: Value '[hunter2]' at 'optionSettings' failed to satisfy constraint",
      "The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:hunter2'",
    ]
    for (const message of messages) {
      const refused = await caught(writing(asked, failing(sdkError('InvalidParameterValue', 400, message))))
      expect(refused.message).not.toContain('hunter2')
      expect(refused.message.length).toBeGreaterThan('AWS refused to update e-1: '.length + 10)
    }
  })

  it('the name of the error where AWS says nothing else', async () => {
    const refused = await caught(writing(asked, failing(sdkError('Odd', 400, 'UnknownError'))))
    expect(refused.message).toBe('AWS refused to update e-1: Odd')
  })

  it('a refusal with the permission that AWS names, else the one of the call', async () => {
    const message =
      'User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: elasticbeanstalk:AddTags on resource: arn:aws:elasticbeanstalk:us-east-1:1:applicationversion/My Shop/1 because no identity-based policy allows the action'
    const named = await caught(writing(asked, failing(sdkError('AccessDenied', 403, message))))
    expect(JSON.parse(named.remedies[0]?.command ?? '')).toEqual({
      Effect: 'Allow',
      Action: 'elasticbeanstalk:AddTags',
      Resource: 'arn:aws:elasticbeanstalk:us-east-1:1:applicationversion/My Shop/1',
    })
    const both = { to: 'read it', action: ['s3:GetObject', 's3:ListBucket'] }
    const unnamed = await caught(reading(both, failing(sdkError('AccessDenied', 403, 'Access Denied'))))
    expect(unnamed.message).toContain('s3:GetObject and s3:ListBucket is not allowed')
    expect(JSON.parse(unnamed.remedies[0]?.command ?? '').Action).toEqual(both.action)
  })

  it('a refusal that names the managed policy when a service behind Beanstalk denied', async () => {
    const message = 'Access Denied: S3Bucket=assets, S3Key=stalks/x.pack'
    const error = sdkError('InsufficientPrivilegesException', 403, message)
    const refused = await caught(writing(asked, failing(error)))
    expect(refused.remedies[0]?.why).toContain('AdministratorAccess-AWSElasticBeanstalk')
  })

  it('a refusal with the command that creates the application that is missing', async () => {
    const error = sdkError('InvalidParameterValue', 400, "No Application named 'shop' found.")
    const refused = await caught(writing(asked, failing(error)))
    expect(refused.remedies[0]?.command).toBe(
      "aws elasticbeanstalk create-application --application-name 'shop'",
    )
  })
})

describe('waiting between tries', () => {
  it('grows from 50 ms, or from a second when throttled, to twenty seconds, with full jitter', async () => {
    const clock = virtualClock()
    const backoff = createBackoff({ clock: portClock(clock), random: () => 0.5 })
    const waits = async (trouble: 'not now' | 'no answer') => {
      const seen: number[] = []
      for (let tries = 1; tries <= 12; tries += 3) seen.push(await clock.run(backoff(trouble, tries)))
      return seen
    }
    expect(await waits('no answer')).toEqual([25, 200, 1_600, 10_000])
    expect(await waits('not now')).toEqual([500, 4_000, 10_000, 10_000])
  })

  it('happens on the clock that was handed in', async () => {
    const clock = virtualClock()
    const strategy = createRetryStrategy(createBackoff({ clock: portClock(clock), random: () => 1 }))
    const before = clock.now()
    const first = await strategy.acquireInitialRetryToken('')
    const error = sdkError('Throttling', 400) as never
    const second = await clock.run(
      strategy.refreshRetryTokenForRetry(first, { error, errorType: 'THROTTLING' }),
    )
    expect([first.getRetryCount(), second.getRetryCount(), second.getRetryDelay()]).toEqual([0, 1, 0])
    expect(clock.now() - before).toBe(1_000)
  })

  it('does not happen for what a wrong clock makes look transient to the SDK', async () => {
    const strategy = createRetryStrategy(async () => 0)
    const token = await strategy.acquireInitialRetryToken('')
    const error = sdkError('InvalidParameterValue', 400, '', { clockSkewCorrected: true }) as never
    await expect(
      strategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' }),
    ).rejects.toThrow()
  })

  it('ends when what is sent once meets anything but a throttle', async () => {
    let sent = 0
    const send = () => {
      sent += 1
      return Promise.reject(sent < 3 ? sdkError('Throttling', 400) : networkError('ECONNRESET'))
    }
    const backoff = async () => 0
    await expect(writingOnce({ backoff }, asked, send)).rejects.toThrow(AnswerLost)
    expect(sent).toBe(3)
  })
})
