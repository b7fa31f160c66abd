import { DescribeRulesCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it } from 'vitest'
import { Conflict, Failure } from '../../../src/deployment/errors.ts'
import { balancedWorld, forward } from './balanced-world.ts'

/** What reading fails with. */
async function refusal(world: Awaited<ReturnType<typeof balancedWorld>>, router = world.router) {
  const thrown = await world.run(router.read()).catch((one: unknown) => one)
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}

describe('a rule is not edited', () => {
  it('that is not there, whatever the slip', async () => {
    const world = await balancedWorld()
    const rules = [`${world.shop.slice(0, -4)}0000`]
    const { message, remedies } = await refusal(world, world.routerFor({ rules }))
    expect(message).toContain('is not there')
    expect(remedies[0]?.command).toContain('describe-rules')
    const listeners = [`${world.listener.slice(0, -4)}0000`]
    expect((await refusal(world, world.routerFor({ rules: listeners }))).message).toContain('is not there')
  })

  it.each([
    ['redirect', { RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' as const } }],
    ['fixed-response', { FixedResponseConfig: { StatusCode: '503' } }],
  ] as const)('that only does %s', async (Type, more) => {
    const world = await balancedWorld()
    await world.modify(world.shop, [{ Type, ...more }])
    const { message, remedies } = await refusal(world)
    expect(message).toContain(`it does ${Type}`)
    expect(remedies[0]?.command).toContain(`aws elbv2 modify-rule --rule-arn ${world.shop}`)
    const listener = await refusal(world, world.routerFor({ rules: [world.listener] }))
    expect(listener.remedies[0]?.command).toContain('aws elbv2 modify-listener')
  })

  it('that is a listener’s default, which changes with the listener', async () => {
    const world = await balancedWorld()
    const order = { ListenerArn: world.listener }
    const { Rules = [] } = await world.run(world.clients.loadBalancing.send(new DescribeRulesCommand(order)))
    const own = Rules.find(({ IsDefault }) => IsDefault)?.RuleArn ?? ''
    expect((await refusal(world, world.routerFor({ rules: [own] }))).message).toContain('default rule')
  })

  it('that Beanstalk made for an environment’s own name', async () => {
    const world = await balancedWorld({ groups: 'shared' })
    const rules = world.aws.beanstalk
      .balancers()
      .loadBalancers.flatMap(({ listeners }) => listeners.flatMap((one) => one.rules))
    const own = rules.find(({ arn, priority }) => priority !== 'default' && arn !== world.shop)?.arn ?? ''
    const { message, remedies } = await refusal(world, world.routerFor({ rules: [own] }))
    expect(message).toContain('belongs to Elastic Beanstalk')
    expect(remedies[0]?.command).toContain('aws elbv2 create-rule')
    expect(world.calls('ModifyRule')).toHaveLength(0)
  })

  it.each(['own', 'shared'] as const)(
    'that its tags call an environment’s, with %s groups',
    async (groups) => {
      const world = await balancedWorld({ groups })
      await world.tag(world.shop, { 'elasticbeanstalk:environment-name': 'shop-old' })
      expect((await refusal(world)).message).toContain('its tags name the environment shop-old')
    },
  )

  it('that is for an environment’s own name, tags or not', async () => {
    const world = await balancedWorld()
    const rule = await world.rule([world.blue.cname.toUpperCase()], [forward({ [world.blue.group]: 1 })], 7)
    const { message } = await refusal(world, world.routerFor({ rules: [rule] }))
    expect(message).toContain('belongs to Elastic Beanstalk (it is for ')
  })

  it('that names what is neither environment’s', async () => {
    const world = await balancedWorld()
    const other = await world.targetGroup('other')
    await world.modify(world.shop, [forward({ [world.blue.group]: 90, [other]: 10 })])
    const { message, remedies } = await refusal(world)
    expect(message).toContain(other)
    expect(remedies[0]?.command).toContain(`aws elbv2 describe-rules --rule-arns ${world.shop}`)
  })

  it('that shares production with a third environment', async () => {
    const world = await balancedWorld({ groups: 'shared' })
    const third = await world.made('shop-third')
    const [group] = world.groupsOf(third.id)
    await world.modify(world.shop, [forward({ [world.blue.group]: 50, [group?.arn ?? '']: 50 })])
    expect((await refusal(world)).message).toContain('of the environment shop-third')
    const holder = await world.run(world.router.holder(await world.run(world.beanstalk.all())))
    expect(holder?.name).toMatch(/shop-blue|shop-third/)
    await world.modify(world.shop, [forward({ [group?.arn ?? '']: 1 })])
    expect((await world.run(world.router.read())).share).toEqual({})
  })
})

describe('an environment whose load balancer cannot do it is refused with the ways that can', () => {
  it('when it has a load balancer of its own', async () => {
    const world = await balancedWorld({ groups: 'shared' })
    const own = await world.made('shop-alone', {
      options: { 'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'false' },
    })
    const router = world.routerFor({ ids: [world.blue.id, own.id] })
    const { message, remedies } = await refusal(world, router)
    expect(message).toContain('shop-alone has no target group on the load balancer')
    expect(remedies[0]?.why).toMatch(/blue-target-group.*shared load balancer.*route53/)
  })

  it('when it has none, or a classic one', async () => {
    const world = await balancedWorld({ groups: 'shared' })
    const single = await world.made('shop-single', { options: {}, single: true, instances: 1 })
    const classic = await world.made('shop-classic', { options: {}, loadBalancer: 'classic' })
    for (const { id } of [single, classic]) {
      const { message } = await refusal(world, world.routerFor({ ids: [world.blue.id, id] }))
      expect(message).toContain('behind a load balancer of its own, or behind none')
    }
  })

  it('when the rule is of one environment’s own load balancer', async () => {
    const world = await balancedWorld({ groups: 'shared' })
    const own = await world.made('shop-alone', { options: {} })
    const balancer = world.aws.beanstalk
      .balancers()
      .loadBalancers.find(({ environment }) => environment === own.id)
    const rules = [balancer?.listeners[0]?.arn ?? '']
    const { message } = await refusal(world, world.routerFor({ ids: [own.id], rules }))
    expect(message).toContain('shop-alone’s own load balancer')
  })

  it('when the rule of the team’s own is on one environment’s load balancer', async () => {
    const world = await balancedWorld()
    const { blue, green } = world
    const balancer = world.aws.beanstalk
      .balancers()
      .loadBalancers.find(({ environment }) => environment === blue.id)
    const listener = balancer?.listeners[0]?.arn ?? ''
    const arns = { blue: await world.targetGroup('blue-two'), green: await world.targetGroup('green-two') }
    const rule = await world.rule(['shop.example.com'], [forward({ [arns.blue]: 1 })], 9, listener)
    const targetGroups = { 'shop-blue': arns.blue, 'shop-green': arns.green }
    const router = world.routerFor({ rules: [rule], targetGroups })
    await expect(world.run(router.attach({ live: blue.id, candidate: green.id }))).rejects.toThrow(
      'shop-blue’s own load balancer',
    )
    expect(world.calls('ModifyRule')).toHaveLength(0)
  })

  it('when a target group is on another load balancer', async () => {
    const world = await balancedWorld()
    const { blue, green, router } = world
    const elsewhere = await world.aws.beanstalk.given.loadBalancer('elsewhere')
    const third = await world.made('shop-third')
    await world.attachTo(third.id, green.group)
    await world.run(
      world.clients.loadBalancing.send(
        new ModifyListenerCommand({
          ListenerArn: elsewhere.listener,
          DefaultActions: [forward({ [green.group]: 1 })],
        }),
      ),
    )
    await expect(world.run(router.attach({ live: blue.id, candidate: green.id }))).rejects.toThrow(
      'A target group can be on one load balancer only',
    )
  })
})

describe('making an environment known', () => {
  it('is refused while its instances are not registered in the target group, with the snippet', async () => {
    const world = await balancedWorld()
    const third = await world.made('shop-third')
    const group = await world.targetGroup('third')
    const router = world.routerFor({
      ids: [world.blue.id, third.id],
      targetGroups: { 'shop-blue': world.blue.group, 'shop-third': group },
    })
    const thrown = await world
      .run(router.attach({ live: world.blue.id, candidate: third.id }))
      .catch((one: unknown) => one)
    const { message, remedies } = thrown as Failure
    expect(message).toContain(`${group} is not attached to the Auto Scaling group of shop-third`)
    expect(remedies[0]?.workflow).toContain('- Ref: AWSEBV2LoadBalancerTargetGroup')
    expect(remedies[1]?.command).toContain(`OptionName=TargetGroupArn,Value=${group}`)
    expect(world.calls('ModifyRule')).toHaveLength(0)
  })

  it('is not begun for an environment that is in the place of the one that has production', async () => {
    const world = await balancedWorld()
    const other = await world.made('shop-pr-7')
    const targetGroups = { 'shop-blue': world.green.group, 'shop-pr-7': world.blue.group }
    const router = world.routerFor({ ids: [world.blue.id, other.id], targetGroups })
    const all = await world.run(world.beanstalk.all())
    await expect(world.run(router.holder(all))).rejects.toThrow(
      `the instances of shop-blue are registered in ${world.blue.group}, which the inputs call the target group of shop-pr-7`,
    )
  })

  it('is a conflict when it has traffic already, when live has none, and when it is gone', async () => {
    const world = await balancedWorld()
    const { blue, green, router, shop } = world
    const attach = (live: string, candidate: string) => world.run(router.attach({ live, candidate }))
    await expect(attach(green.id, blue.id)).rejects.toThrow(/gets requests of .* already/)
    await world.modify(shop, [forward({ [blue.group]: 50, [green.group]: 50 })])
    await expect(attach(blue.id, green.id)).rejects.toThrow(/already: its weight is 50/)
    const single = world.routerFor({ ids: [green.id] })
    await world.modify(shop, [forward({ [blue.group]: 1 })])
    await expect(world.run(single.attach({ live: green.id, candidate: undefined }))).rejects.toThrow(Conflict)
    await expect(attach(blue.id, 'e-gone')).rejects.toThrow('e-gone is gone')
  })

  it('gives everything to the first environment, where the rules lead to nobody', async () => {
    const world = await balancedWorld()
    const { green, shop } = world
    const fresh = await world.targetGroup('fresh')
    const targetGroups = { 'shop-green': green.group, 'shop-fresh': fresh }
    await world.modify(shop, [forward({ [fresh]: 1 })])
    const router = world.routerFor({ ids: [green.id], targetGroups })
    const { leadsNowhere } = await world.run(router.read())
    expect(leadsNowhere?.why).toContain('shop-fresh, which does not exist')
    await world.run(router.attach({ live: green.id, candidate: undefined }))
    expect((await world.run(router.read())).share).toEqual({ [green.id]: 100 })
    expect((await world.run(router.read())).leadsNowhere).toBeUndefined()
  })
})

describe('target groups that the inputs give to the wrong environment are refused, before anything is changed', () => {
  it.each(['holder', 'read'] as const)('when the two are mixed up, by %s', async (asked) => {
    const world = await balancedWorld()
    const { blue, green } = world
    const router = world.routerFor({ targetGroups: { 'shop-blue': green.group, 'shop-green': blue.group } })
    const pair = await world.run(world.beanstalk.read([blue.id, green.id]))
    const thrown = await world
      .run<unknown>(asked === 'holder' ? router.holder(pair) : router.read())
      .catch((one: unknown) => one)
    const { message, remedies } = thrown as Failure
    expect(message).toContain('`blue-target-group` and `green-target-group` are mixed up: ')
    expect(remedies[0]?.why).toContain(
      `the target group of shop-blue is ${blue.group}, that of shop-green is ${green.group}`,
    )
  })

  it('when one environment is in both', async () => {
    const world = await balancedWorld()
    const { green, blue } = world
    await world.attachTo(green.id, blue.group)
    const pair = await world.run(world.beanstalk.read([blue.id, green.id]))
    const thrown = await world.run(world.router.holder(pair)).catch((one: unknown) => one)
    const { message, remedies } = thrown as Failure
    expect(message).toContain('shop-green is in both target groups')
    expect(remedies[0]?.command).toMatch(/--environment-name shop-green .*,Value=/)
    expect(remedies[0]?.command).toContain(`Value=${green.group}`)
  })

  it('when a third environment is in one of them, as far as it is asked about', async () => {
    const world = await balancedWorld()
    const third = await world.made('shop-third')
    await world.attachTo(third.id, world.blue.group)
    const all = await world.run(world.beanstalk.all())
    const thrown = await world.run(world.router.holder(all)).catch((one: unknown) => one)
    expect((thrown as Failure).message).toContain(
      `the instances of shop-third are registered in ${world.blue.group}`,
    )
    expect((thrown as Failure).remedies.at(-1)?.command).toContain('detach-load-balancer-target-groups')
  })

  it('when the other one does not exist, and instances of somebody get production', async () => {
    const world = await balancedWorld()
    const { green } = world
    const targetGroups = { 'shop-green': green.group, 'shop-pr-1': world.blue.group }
    const router = world.routerFor({ ids: [green.id], targetGroups })
    const { message } = await refusal(world, router)
    expect(message).toContain('shop-pr-1 does not exist, and instances are registered there')
  })

  it('when no instance of the one that has production is in it', async () => {
    const world = await balancedWorld()
    const fresh = await world.targetGroup('fresh')
    await world.modify(world.shop, [forward({ [fresh]: 1 })])
    const router = world.routerFor({ targetGroups: { 'shop-blue': fresh, 'shop-green': world.green.group } })
    const all = await world.run(world.beanstalk.all())
    await expect(world.run(router.holder(all))).rejects.toThrow(
      'the target group of shop-blue, but its instances are not registered there',
    )
  })

  it('and is asked about once by whoever reads often', async () => {
    const world = await balancedWorld()
    await world.run(world.router.read())
    const before = world.calls('DescribeAutoScalingGroups').length
    await world.run(world.router.read())
    expect(world.calls('DescribeAutoScalingGroups')).toHaveLength(before)
  })
})
