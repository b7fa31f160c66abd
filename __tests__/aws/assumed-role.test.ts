import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../../simulator/in-process.ts'
import { createClients } from '../../src/aws/clients.ts'
import { type Failure, Refused, Unreachable } from '../../src/deployment/errors.ts'
import { jwt } from '../helpers/jwt.ts'
import { awsWorld, portClock, seeded } from './world.ts'

const arn = 'arn:aws:iam::123456789012:role/deploy'
const minutes = 60_000

/** Clients that work as a role, in a world of their own. */
function working(changes: { arn?: string; token?: string; aheadMs?: number } = {}) {
  const world = awsWorld()
  const audiences: string[] = []
  const secrets: string[] = []
  const said: string[] = []
  const clock = portClock(world.clock)
  const clients = createClients({
    region: 'us-east-1',
    clock: { ...clock, now: () => clock.now() + (changes.aheadMs ?? 0) },
    random: seeded(3),
    environment: { AWS_ACCESS_KEY_ID: 'ignored', AWS_SECRET_ACCESS_KEY: 'ignored' },
    requestHandler: inProcess(world.aws, { timeoutMs: 30_000 }),
    role: {
      role: { arn: changes.arn ?? arn, sessionName: 'job', duration: 60 * minutes },
      idToken: async (aud) => {
        audiences.push(aud)
        return changes.token ?? jwt({ aud })
      },
      conceal: (secret) => secrets.push(secret),
      say: (text) => said.push(text),
    },
  })
  const ask = () => world.run(clients.sts.send(new GetCallerIdentityCommand({})))
  const assumed = () => world.calls('AssumeRoleWithWebIdentity').length
  return { ...world, clients, ask, assumed, audiences, secrets, said }
}

describe('the credentials of a role', () => {
  it('are asked for once by all clients together, and serve until they are renewed', async () => {
    const { clients, run, ask, assumed, audiences, seconds } = working()
    const first = () => clients.sts.send(new GetCallerIdentityCommand({}))
    await run(Promise.all([first(), first(), clients.beanstalk.config.credentials()]))
    await seconds(40 * 60)
    await ask()
    expect(assumed()).toBe(1)
    expect(audiences).toEqual(['sts.amazonaws.com'])
  })

  it.each([0, -3 * 3_600_000, 3 * 3_600_000])(
    'are renewed well before they end, on a machine whose clock is %d ms ahead',
    async (aheadMs) => {
      const { ask, assumed, seconds } = working({ aheadMs })
      for (let waited = 0; waited < 180; waited += 2) {
        await ask()
        await seconds(120)
      }
      expect(assumed()).toBe(4)
    },
  )

  it('serve to their end when they cannot be renewed, which is said, and then the trouble is told', async () => {
    const { ask, assumed, seconds, fault, said } = working()
    await ask()
    fault('denied', 'AssumeRoleWithWebIdentity', { times: 1_000 })
    await seconds(46 * 60)
    await ask()
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/could not be renewed so far: AWS does not let this job work as arn/)
    await ask()
    expect(assumed()).toBe(2)
    await seconds(15 * 60)
    await expect(ask()).rejects.toThrow(Refused)
  })

  it('are renewed when it works again', async () => {
    const { ask, assumed, seconds, fault } = working()
    await ask()
    fault('denied', 'AssumeRoleWithWebIdentity')
    await seconds(46 * 60)
    await ask()
    await seconds(31)
    await ask()
    expect(assumed()).toBe(3)
    await seconds(20 * 60)
    await ask()
    expect(assumed()).toBe(3)
  })

  it('are asked for with the audience of China in China', async () => {
    const { ask, audiences } = working({ arn: 'arn:aws-cn:iam::123456789012:role/deploy' })
    await ask()
    expect(audiences).toEqual(['sts.amazonaws.com.cn'])
  })

  it('are kept out of the log', async () => {
    const { clients, ask, secrets } = working()
    await ask()
    const { secretAccessKey, sessionToken } = await clients.sts.config.credentials()
    expect(secrets).toEqual([secretAccessKey, sessionToken])
  })

  it('are asked for again and again while AWS is not there', async () => {
    const { ask, assumed, fault } = working()
    fault('reset-before', 'AssumeRoleWithWebIdentity', { times: 3 })
    await ask()
    expect(assumed()).toBe(4)
    const other = working()
    other.fault('server-error', 'AssumeRoleWithWebIdentity', { times: 8 })
    await expect(other.ask()).rejects.toThrow(Unreachable)
  })
})

describe('a role that may not be assumed', () => {
  const failureOf = async (changes: Parameters<typeof working>[0]) => {
    const failure = await working(changes)
      .ask()
      .catch((thrown) => thrown)
    expect(failure).toBeInstanceOf(Refused)
    return failure as Failure
  }

  it('is told with what its trust policy must allow', async () => {
    const { message, remedies } = await failureOf({ arn: 'arn:aws:iam::000000000000:role/deploy' })
    expect(message).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity')
    expect(remedies[0]?.why).toContain('whose `sub` is repo:acme/shop:ref:refs/heads/main')
    expect(remedies[0]?.why).toContain('for the audience sts.amazonaws.com')
  })

  it('is told even with a token that nobody can read', async () => {
    const { remedies } = await failureOf({ token: 'no token at all' })
    expect(remedies[0]?.why).toContain('whose `sub` is not known')
  })
})
