import { describe, expect, it } from 'vitest'
import { zoneWorld } from './zone-world.ts'

const role = 'arn:aws:iam::210987654321:role/dns/dns-editor'

async function otherAccount() {
  const world = zoneWorld()
  const { Credentials, AssumedRoleUser } = await world.run(
    world.sts.assumeRole({ RoleArn: role, RoleSessionName: 'deployment' }),
  )
  return { ...world, keys: Credentials, user: AssumedRoleUser, other: world.clientsOf(Credentials) }
}

describe('a role of another account', () => {
  it('is assumed, and its credentials say so', async () => {
    const { other, user, run } = await otherAccount()
    expect(user?.Arn).toBe('arn:aws:sts::210987654321:assumed-role/dns-editor/deployment')
    expect(await run(other.sts.getCallerIdentity())).toMatchObject({
      Account: '210987654321',
      Arn: user?.Arn,
    })
  })

  it('has the zones of its account, which nobody else sees', async () => {
    const { other, r53, run } = await otherAccount()
    const { HostedZone } = await run(
      other.r53.createHostedZone({ Name: 'example.com', CallerReference: '1' }),
    )
    const Id = HostedZone?.Id ?? ''
    expect((await run(other.r53.listHostedZonesByName())).HostedZones).toHaveLength(1)
    expect((await run(r53.listHostedZonesByName())).HostedZones).toEqual([])
    await expect(run(r53.getHostedZone({ Id }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /^User: arn:aws:sts::123456789012:.* is not authorized to access this resource$/,
      ),
    })
  })

  it('may do nothing in Elastic Beanstalk, which is that of one account', async () => {
    const { other, run, keys, simulator } = await otherAccount()
    expect(keys?.AccessKeyId).toMatch(/^ASIA/)
    await run(other.r53.listHostedZones())
    const outcome = await simulator.handle({
      method: 'POST',
      path: '/',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${keys?.AccessKeyId}/20260105/us-east-1/elasticbeanstalk/aws4_request`,
        'x-amz-date': '20260105T090000Z',
      },
      body: Buffer.from('Action=DescribeEnvironments&Version=2010-12-01'),
    })
    expect(outcome).toMatchObject({ status: 403 })
    expect(Buffer.from(typeof outcome === 'string' ? '' : outcome.body).toString()).toContain(
      'assumed-role/dns-editor/deployment is not authorized to perform: elasticbeanstalk:DescribeEnvironments',
    )
  })

  it('has a limit of calls of its own', async () => {
    const world = zoneWorld({ throttling: true })
    const { Credentials } = await world.run(
      world.sts.assumeRole({ RoleArn: role, RoleSessionName: 'deployment' }),
    )
    const { r53 } = world.clientsOf(Credentials)
    const calls = [...Array.from({ length: 5 }, () => world.r53), ...Array.from({ length: 5 }, () => r53)]
    const answers = await world.run(Promise.allSettled(calls.map((client) => client.listHostedZones())))
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 'fulfilled'))
  })

  it('lasts an hour at most when it was assumed with the credentials of another role', async () => {
    const { other, sts, run } = await otherAccount()
    const order = { RoleArn: role, RoleSessionName: 'deployment', DurationSeconds: 7_200 }
    expect((await run(sts.assumeRole(order))).Credentials).toBeDefined()
    await expect(run(other.sts.assumeRole(order))).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('1 hour session limit for roles assumed by role chaining'),
    })
  })
})
