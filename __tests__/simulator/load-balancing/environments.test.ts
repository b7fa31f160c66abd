import { describe, expect, it } from 'vitest'
import { refusal } from '../beanstalk-world.ts'
import { balancingWorld, weighted } from './balancing-world.ts'

const tagsOf = async ({ elb, run }: Awaited<ReturnType<typeof balancingWorld>>, arn: string) => {
  const { TagDescriptions } = await run(elb.describeTags({ ResourceArns: [arn] }))
  return Object.fromEntries(TagDescriptions?.[0]?.Tags?.map(({ Key, Value }) => [Key, Value]) ?? [])
}

describe('an environment with a load balancer of its own', () => {
  it('is there in Elastic Load Balancing, with a target group for each process', async () => {
    const world = await balancingWorld()
    const { endpoint, id } = await world.made('shop-blue', 'v1', {
      options: {
        'aws:elasticbeanstalk:environment:process:admin/Port': '8080',
        'aws:elbv2:listener:default/Rules': 'admin',
        'aws:elbv2:listenerrule:admin/PathPatterns': '/admin/*',
        'aws:elbv2:listenerrule:admin/Process': 'admin',
      },
    })
    const { EnvironmentResources } = await world.run(
      world.eb.describeEnvironmentResources({ EnvironmentName: 'shop-blue' }),
    )
    const LoadBalancerArn = EnvironmentResources?.LoadBalancers?.[0]?.Name ?? ''
    const { LoadBalancers } = await world.run(
      world.elb.describeLoadBalancers({ LoadBalancerArns: [LoadBalancerArn] }),
    )
    expect(LoadBalancers).toMatchObject([
      { DNSName: endpoint, Type: 'application', Scheme: 'internet-facing' },
    ])
    const { TargetGroups = [] } = await world.run(world.elb.describeTargetGroups({ LoadBalancerArn }))
    expect(TargetGroups.map(({ TargetGroupName, Port }) => [TargetGroupName, Port])).toEqual([
      [expect.stringMatching(/^awseb-AWSEB-[A-Z0-9]{13}$/), 80],
      [expect.stringMatching(/^awseb-admin-[A-Z0-9]{13}$/), 8080],
    ])
    const [first, admin] = TargetGroups.map(({ TargetGroupArn = '' }) => TargetGroupArn)
    expect(await tagsOf(world, first ?? '')).toMatchObject({
      'elasticbeanstalk:environment-id': id,
      'elasticbeanstalk:environment-name': 'shop-blue',
      'aws:cloudformation:logical-id': 'AWSEBV2LoadBalancerTargetGroup',
    })
    expect(await world.health(first ?? '')).toEqual(['healthy', 'healthy'])
    const { Listeners } = await world.run(world.elb.describeListeners({ LoadBalancerArn }))
    expect(Listeners).toMatchObject([{ Port: 80, DefaultActions: [{ TargetGroupArn: first }] }])
    const { Rules } = await world.run(
      world.elb.describeRules({ ListenerArn: Listeners?.[0]?.ListenerArn ?? '' }),
    )
    expect(Rules).toMatchObject([
      { Priority: '1', Actions: [{ TargetGroupArn: admin }] },
      { IsDefault: true },
    ])
    const { AutoScalingGroups } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
    expect(AutoScalingGroups?.[0]?.TargetGroupARNs).toEqual([first, admin])
  })

  it('follows rules that the user makes on it, and loses everything when it is terminated', async () => {
    const world = await balancingWorld()
    const { endpoint, id } = await world.made('shop-blue', 'v1')
    const [balancer] = world.simulator.beanstalk.balancers().loadBalancers
    const teapot = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '418' } }
    await world.run(
      world.elb.createRule({
        ListenerArn: balancer?.listeners[0]?.arn ?? '',
        Priority: 1,
        Conditions: [{ Field: 'path-pattern', Values: ['/tea'] }],
        Actions: [teapot],
      }),
    )
    await world.seconds(10)
    expect(await world.ask(endpoint, { path: '/tea' })).toEqual({ 418: 1 })
    expect(await world.ask(endpoint)).toEqual({ v1: 1 })
    await world.run(world.eb.terminateEnvironment({ EnvironmentId: id }))
    await world.until('shop-blue', 'Terminated')
    expect(world.simulator.beanstalk.balancers()).toEqual({ loadBalancers: [], targetGroups: [] })
  })

  it('keeps what the user changed on a listener when an update is about something else', async () => {
    const world = await balancingWorld()
    const { endpoint } = await world.made('shop-blue', 'v1')
    const [balancer] = world.simulator.beanstalk.balancers().loadBalancers
    const teapot = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '418' } }
    const ListenerArn = balancer?.listeners[0]?.arn ?? ''
    await world.run(world.elb.modifyListener({ ListenerArn, DefaultActions: [teapot] }))
    const update = async (Namespace: string, OptionName: string, Value: string) => {
      const OptionSettings = [{ Namespace, OptionName, Value }]
      await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings }))
      await world.until('shop-blue', 'Ready')
    }
    await update('aws:elasticbeanstalk:application:environment', 'LEVEL', 'debug')
    expect(await world.ask(endpoint)).toEqual({ 418: 1 })
    await update('aws:elbv2:listener:8080', 'ListenerEnabled', 'true')
    expect(await world.ask(endpoint)).toEqual({ v1: 1 })
  })

  it('with a classic load balancer, or none, is not there', async () => {
    const world = await balancingWorld()
    await world.made('shop-blue', 'v1', { loadBalancer: 'classic' })
    await world.made('shop-green', 'v2', { single: true, instances: 1 })
    expect(world.simulator.beanstalk.balancers()).toEqual({ loadBalancers: [], targetGroups: [] })
    const { AutoScalingGroups } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
    expect(AutoScalingGroups?.map(({ TargetGroupARNs }) => TargetGroupARNs ?? [])).toEqual([[], []])
  })

  it('with a network load balancer is there with TCP', async () => {
    const world = await balancingWorld()
    const { endpoint } = await world.made('shop-blue', 'v1', { loadBalancer: 'network' })
    const { LoadBalancers } = await world.run(world.elb.describeLoadBalancers({}))
    expect(LoadBalancers).toMatchObject([
      { Type: 'network', DNSName: endpoint, CanonicalHostedZoneId: 'Z26RNL4JYFTOTI' },
    ])
    expect(await world.ask(endpoint)).toEqual({ v1: 1 })
  })
})

describe('target groups of the user’s own, attached to an environment’s group', () => {
  it('have its instances, the new ones too, checked as the group says once a rule names it', async () => {
    const world = await balancingWorld()
    const { id } = await world.made('shop-blue', 'v1')
    const { listener } = await world.given.loadBalancer('front-end')
    const blue = await world.targetGroup('blue')
    await world.attach('shop-blue', blue)
    expect(await world.health(blue)).toEqual(['unused Target.NotInUse', 'unused Target.NotInUse'])
    await world.run(
      world.elb.modifyListener({ ListenerArn: listener, DefaultActions: [weighted({ [blue]: 1 })] }),
    )
    expect(await world.health(blue)).toEqual(Array(2).fill('initial Elb.RegistrationInProgress'))
    await world.seconds(11)
    expect(await world.health(blue)).toEqual(['healthy', 'healthy'])
    world.byHand.setGroup(id, { min: 3 })
    await world.seconds(240)
    expect(await world.health(blue)).toEqual(['healthy', 'healthy', 'healthy'])
    const { LoadBalancerTargetGroups } = await world.run(
      world.autoScaling.describeLoadBalancerTargetGroups({
        AutoScalingGroupName: world.environment('shop-blue').group?.name ?? '',
      }),
    )
    expect(LoadBalancerTargetGroups?.map(({ State }) => State)).toEqual(['InService', 'InService'])
  })

  it('lose a target that fails, and have it back, by their thresholds; when all fail, all get requests', async () => {
    let fails = false
    const respond = ({ check }: { readonly check?: boolean }) =>
      check && fails ? { status: 500 } : undefined
    const world = await balancingWorld({ behaviours: { v1: { respond } } })
    await world.made('shop-blue', 'v1')
    const { listener, dnsName } = await world.given.loadBalancer('front-end')
    const blue = await world.targetGroup('blue', { HealthyThresholdCount: 3, UnhealthyThresholdCount: 2 })
    await world.attach('shop-blue', blue)
    await world.run(
      world.elb.modifyListener({ ListenerArn: listener, DefaultActions: [weighted({ [blue]: 1 })] }),
    )
    await world.seconds(12)
    fails = true
    await world.seconds(10)
    expect(await world.health(blue)).toEqual(['healthy', 'healthy'])
    await world.seconds(10)
    expect(await world.health(blue)).toEqual(Array(2).fill('unhealthy Target.ResponseCodeMismatch'))
    expect(await world.ask(dnsName, { times: 4 })).toEqual({ v1: 4 })
    fails = false
    await world.seconds(20)
    expect(await world.health(blue)).toEqual(
      Array(2).fill('unhealthy Target.ResponseCodeMismatch').map(String),
    )
    await world.seconds(10)
    expect(await world.health(blue)).toEqual(['healthy', 'healthy'])
  })

  it('drain what is detached for their deregistration delay', async () => {
    const world = await balancingWorld()
    await world.made('shop-blue', 'v1')
    const { listener, dnsName } = await world.given.loadBalancer('front-end')
    const blue = await world.targetGroup('blue')
    await world.run(
      world.elb.modifyTargetGroupAttributes({
        TargetGroupArn: blue,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '60' }],
      }),
    )
    await world.attach('shop-blue', blue)
    await world.run(
      world.elb.modifyListener({ ListenerArn: listener, DefaultActions: [weighted({ [blue]: 1 })] }),
    )
    await world.seconds(12)
    const order = {
      AutoScalingGroupName: world.environment('shop-blue').group?.name ?? '',
      TargetGroupARNs: [blue],
    }
    await world.run(world.autoScaling.detachLoadBalancerTargetGroups(order))
    expect(await world.health(blue)).toEqual(Array(2).fill('draining Target.DeregistrationInProgress'))
    expect(await world.ask(dnsName)).toEqual({ 503: 1 })
    await world.seconds(61)
    expect(await world.health(blue)).toEqual([])
    expect(await world.run(refusal(world.autoScaling.detachLoadBalancerTargetGroups(order)))).toMatch(
      /Trying to remove Target Groups that are not part of the group/,
    )
    expect(await refusal(world.attach('shop-blue', `${blue}0`))).toMatch(/may not be valid/)
  })

  it('may be filled by hand, with instances that exist', async () => {
    const world = await balancingWorld()
    await world.made('shop-blue', 'v1')
    const [instance = ''] = world.environment('shop-blue').instances.map((one) => one.id)
    const TargetGroupArn = await world.targetGroup('blue')
    const { elb, run } = world
    await run(elb.registerTargets({ TargetGroupArn, Targets: [{ Id: instance }] }))
    expect(await world.health(TargetGroupArn)).toEqual(['unused Target.NotInUse'])
    await run(elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: instance }] }))
    const { TargetHealthDescriptions } = await run(
      elb.describeTargetHealth({ TargetGroupArn, Targets: [{ Id: instance }] }),
    )
    expect(TargetHealthDescriptions).toMatchObject([
      { TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ])
    const stranger = elb.registerTargets({ TargetGroupArn, Targets: [{ Id: 'i-0123456789abcdef0' }] })
    expect(await run(refusal(stranger))).toMatch(/^InvalidTargetException/)
  })
})
