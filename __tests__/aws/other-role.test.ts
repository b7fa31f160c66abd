import { ListHostedZonesCommand } from '@aws-sdk/client-route-53'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../../simulator/in-process.ts'
import { createClients } from '../../src/aws/clients.ts'
import { Refused, Unreachable } from '../../src/deployment/errors.ts'
import { awsWorld, portClock, seeded } from './world.ts'

const arn = 'arn:aws:iam::210987654321:role/dns'

/** Clients of a job whose zone is in another account. */
function working() {
  const world = awsWorld()
  const secrets: string[] = []
  const tokens = new Set<string>()
  const aws = inProcess(world.aws, { timeoutMs: 30_000 })
  const handle: typeof aws.handle = (request, options) => {
    const token = request.headers['x-amz-security-token']
    if (token !== undefined) tokens.add(token)
    return aws.handle(request, options)
  }
  const clients = createClients({
    region: 'us-east-1',
    clock: portClock(world.clock),
    random: seeded(3),
    environment: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    requestHandler: { ...aws, handle },
    dnsRole: { arn, sessionName: 'job', conceal: (secret) => secrets.push(secret), say: () => {} },
  })
  const askRoute53 = () => world.run(clients.route53.send(new ListHostedZonesCommand({})))
  return { ...world, clients, askRoute53, secrets, tokens }
}

describe('the role that may change a zone', () => {
  it('is asked for by Route 53 alone, once, under the session name of the job', async () => {
    const { clients, askRoute53, run, calls } = working()
    const { Account } = await run(clients.sts.send(new GetCallerIdentityCommand({})))
    expect(Account).toBe('123456789012')
    expect(calls('AssumeRole')).toHaveLength(0)
    await askRoute53()
    await askRoute53()
    expect(calls('AssumeRole').map(({ input }) => input)).toEqual([
      { RoleArn: arn, RoleSessionName: 'job', DurationSeconds: 3_600 },
    ])
  })

  it('is renewed well before its hour is over, as often as it takes', async () => {
    const { askRoute53, seconds, calls } = working()
    for (let waited = 0; waited < 180; waited += 2) {
      await askRoute53()
      await seconds(120)
    }
    expect(calls('AssumeRole')).toHaveLength(4)
    expect(calls('ListHostedZones').every(({ error }) => error === undefined)).toBe(true)
  })

  it('has secrets that are concealed', async () => {
    const { askRoute53, secrets, tokens } = working()
    await askRoute53()
    expect(secrets).toEqual([expect.stringMatching(/^[A-Z2-7]{40}$/), ...tokens])
    expect(tokens.size).toBe(1)
  })

  it('is told with both policies that it takes, where it may not be assumed', async () => {
    const { askRoute53, fault } = working()
    fault('denied', 'AssumeRole', { times: 9 })
    const refused: Refused = await askRoute53().catch((thrown) => thrown)
    expect(refused).toBeInstanceOf(Refused)
    expect(JSON.parse(refused.remedies[0]?.command ?? '')).toEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: arn,
    })
    expect(refused.remedies[1]?.why).toContain(`The trust policy of ${arn}`)
  })

  it('is waited for while AWS is not there', async () => {
    const { askRoute53, fault } = working()
    fault('server-error', 'AssumeRole', { times: 8 })
    await expect(askRoute53()).rejects.toThrow(Unreachable)
    await askRoute53()
  })
})
