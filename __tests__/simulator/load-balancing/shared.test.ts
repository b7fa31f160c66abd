import { describe, expect, it } from 'vitest'
import { balancingWorld, weighted } from './balancing-world.ts'

/** Two environments that share a load balancer of the user's, on which the user has a rule for the shop's own domain. */
async function shared() {
  const world = await balancingWorld()
  const { arn, dnsName, listener } = await world.given.loadBalancer('front-end')
  const options = {
    'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
    'aws:elbv2:loadbalancer/SharedLoadBalancer': arn,
  }
  const blue = await world.made('shop-blue', 'v1', { options, cnamePrefix: 'shop' })
  const green = await world.made('shop-green', 'v2', { options })
  const groups = world.simulator.beanstalk.balancers().targetGroups
  const groupOf = (id: string) => groups.find(({ environment }) => environment === id)?.arn ?? ''
  const { Rules } = await world.run(
    world.elb.createRule({
      ListenerArn: listener,
      Priority: 100,
      Conditions: [{ Field: 'host-header', Values: ['shop.example.com'] }],
      Actions: [weighted({ [groupOf(blue.id)]: 1 })],
    }),
  )
  await world.seconds(10)
  return {
    ...world,
    arn,
    dnsName,
    listener,
    blue: { ...blue, group: groupOf(blue.id) },
    green: { ...green, group: groupOf(green.id) },
    RuleArn: Rules?.[0]?.RuleArn ?? '',
    rules: async () =>
      (await world.run(world.elb.describeRules({ ListenerArn: listener }))).Rules?.map(
        ({ Priority, Conditions, Actions }) =>
          [Priority, Conditions?.[0]?.Values?.[0], Actions?.[0]?.TargetGroupArn] as const,
      ),
  }
}

describe('a load balancer that environments share', () => {
  it('has their rules on a listener of HTTPS when they ask for that', async () => {
    const world = await balancingWorld()
    const { arn: LoadBalancerArn, dnsName } = await world.given.loadBalancer('front-end')
    const { arn: CertificateArn } = world.simulator.certificates.add({ names: ['shop.example.com'] })
    const notFound = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } }
    await world.run(
      world.elb.createListener({
        LoadBalancerArn,
        Protocol: 'HTTPS',
        Port: 443,
        Certificates: [{ CertificateArn }],
        DefaultActions: [notFound],
      }),
    )
    await world.made('shop-blue', 'v1', {
      options: {
        'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
        'aws:elbv2:loadbalancer/SharedLoadBalancer': LoadBalancerArn,
        'aws:elbv2:listener:443/Rules': 'domain',
        'aws:elbv2:listenerrule:domain/HostHeaders': 'shop.example.com',
      },
    })
    expect(await world.ask(dnsName, { tls: true })).toEqual({ v1: 1 })
    expect(await world.ask(dnsName)).toEqual({ 404: 1 })
  })

  it('has Beanstalk’s rules after those that are there, its target groups, and the count of environments', async () => {
    const world = await shared()
    const { blue, green, listener } = world
    expect(await world.rules()).toEqual([
      ['1', blue.cname, blue.group],
      ['2', green.cname, green.group],
      ['100', 'shop.example.com', blue.group],
      ['default', undefined, undefined],
    ])
    await world.made('shop-third', 'v1', {
      options: {
        'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
        'aws:elbv2:loadbalancer/SharedLoadBalancer': world.arn,
      },
    })
    const { Rules } = await world.run(world.elb.describeRules({ ListenerArn: listener }))
    expect(Rules?.map(({ Priority }) => Priority)).toEqual(['1', '2', '100', '101', 'default'])
    const { TagDescriptions } = await world.run(world.elb.describeTags({ ResourceArns: [world.arn] }))
    expect(TagDescriptions?.[0]?.Tags).toEqual([
      { Key: 'elasticbeanstalk:shared-elb-environment-count', Value: '3' },
    ])
    expect(world.blue.endpoint).toBe(world.dnsName)
  })

  it('re-maps Beanstalk’s rules after a swap, and leaves the user’s alone', async () => {
    const world = await shared()
    const { blue, green } = world
    await world.run(
      world.eb.swapEnvironmentCNAMEs({ SourceEnvironmentId: blue.id, DestinationEnvironmentId: green.id }),
    )
    await world.until('shop-green', 'Ready')
    expect(await world.rules()).toEqual([
      ['1', green.cname, blue.group],
      ['2', blue.cname, green.group],
      ['100', 'shop.example.com', blue.group],
      ['default', undefined, undefined],
    ])
    expect(await world.ask(world.dnsName)).toEqual({ v1: 1 })
    expect(await world.ask(world.dnsName, { host: blue.cname })).toEqual({ v2: 1 })
  })

  it('moves the user’s own domain by weights of the environments’ target groups', async () => {
    const world = await shared()
    const { RuleArn, blue, green } = world
    const Actions = [weighted({ [blue.group]: 50, [green.group]: 50 })]
    await world.run(world.elb.modifyRule({ RuleArn, Actions }))
    await world.seconds(10)
    const { v1 = 0, v2 = 0 } = await world.ask(world.dnsName, { times: 400 })
    expect(v1 + v2).toBe(400)
    expect(v2 / 400).toBeCloseTo(0.5, 1)
    expect(await world.ask(world.dnsName, { host: blue.cname, times: 9 })).toEqual({ v1: 9 })
  })

  it('does not let an environment go whose target group a rule of the user’s still names', async () => {
    const world = await shared()
    const { blue, green, RuleArn } = world
    await world.run(world.eb.terminateEnvironment({ EnvironmentId: blue.id }))
    await world.seconds(10)
    await world.until('shop-blue', 'Ready')
    const lines = await world.messages('shop-blue')
    expect(lines.join('\n')).toContain(
      `Target group '${blue.group}' is currently in use by a listener or a rule (Service: ElasticLoadBalancingV2; Status Code: 400; Error Code: ResourceInUse)`,
    )
    await world.run(world.elb.modifyRule({ RuleArn, Actions: [weighted({ [green.group]: 1 })] }))
    await world.run(world.eb.terminateEnvironment({ EnvironmentId: blue.id }))
    await world.until('shop-blue', 'Terminated')
    expect((await world.rules())?.map(([priority]) => priority)).toEqual(['2', '100', 'default'])
    const { TagDescriptions } = await world.run(world.elb.describeTags({ ResourceArns: [world.arn] }))
    expect(TagDescriptions?.[0]?.Tags?.[0]?.Value).toBe('1')
  })
})
