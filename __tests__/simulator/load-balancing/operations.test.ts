import { describe, expect, it } from 'vitest'
import { refusal } from '../beanstalk-world.ts'
import { balancingWorld, weighted } from './balancing-world.ts'

const subnets = ['subnet-1', 'subnet-2']
const notFound = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } } as const

async function withListener(options: Parameters<typeof balancingWorld>[0] = {}) {
  const world = await balancingWorld(options)
  const { arn, dnsName, listener } = await world.given.loadBalancer('front-end')
  const rule = (Priority: number, more: object = {}) =>
    world.run(
      world.elb.createRule({
        ListenerArn: listener,
        Priority,
        Conditions: [{ Field: 'path-pattern', Values: [`/${Priority}`] }],
        Actions: [notFound],
        ...more,
      }),
    )
  return { ...world, arn, dnsName, listener, rule }
}

describe('a load balancer', () => {
  it('is provisioned, named, active after a while, and gone with everything on it', async () => {
    const world = await balancingWorld()
    const made = await world.run(
      world.elb.createLoadBalancer({
        Name: 'my-balancer',
        Subnets: subnets,
        Tags: [{ Key: 'team', Value: 'web' }],
      }),
    )
    const [{ LoadBalancerArn = '', DNSName = '' } = {}] = made.LoadBalancers ?? []
    expect(LoadBalancerArn).toMatch(
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/app\/my-balancer\/[0-9a-f]{16}$/,
    )
    expect(made.LoadBalancers).toMatchObject([
      { State: { Code: 'provisioning' }, Type: 'application', CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K' },
    ])
    await world.seconds(120)
    const named = await world.run(world.elb.describeLoadBalancers({ Names: ['my-balancer'] }))
    expect(named.LoadBalancers).toMatchObject([{ DNSName, State: { Code: 'active' } }])
    expect(world.simulator.names.resolve(DNSName)).toMatchObject([{ type: 'A' }])

    const listener = await world.run(
      world.elb.createListener({ LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions: [notFound] }),
    )
    expect(listener.Listeners?.[0]?.ListenerArn).toMatch(
      /:listener\/app\/my-balancer\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
    )
    await world.seconds(10)
    expect(await world.ask(DNSName)).toEqual({ 404: 1 })
    await world.run(world.elb.deleteLoadBalancer({ LoadBalancerArn }))
    expect(world.simulator.beanstalk.balancers().loadBalancers).toEqual([])
    expect(world.simulator.names.resolve(DNSName)).toEqual([])
    await world.run(world.elb.deleteLoadBalancer({ LoadBalancerArn }))
  })

  it('made again with the same settings is the same one, with others it is refused', async () => {
    const world = await balancingWorld()
    const make = (Name: string, more: object = {}) =>
      world.elb.createLoadBalancer({ Name, Subnets: subnets, ...more })
    const one = await world.run(make('one'))
    const again = await world.run(make('one'))
    expect(again.LoadBalancers?.[0]?.LoadBalancerArn).toBe(one.LoadBalancers?.[0]?.LoadBalancerArn)
    expect(await world.run(refusal(make('one', { Scheme: 'internal' })))).toMatch(
      /^DuplicateLoadBalancerNameException: A load balancer with the same name 'one' exists/,
    )
    expect(await world.run(refusal(make('internal-one')))).toMatch(/ValidationError/)
    expect(await world.run(refusal(make('two', { Subnets: ['subnet-1'] })))).toMatch(/At least two subnets/)
  })

  it('may be protected', async () => {
    const { elb, run, arn: LoadBalancerArn } = await withListener()
    const set = (Key: string) =>
      elb.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: [{ Key, Value: 'true' }] })
    await run(set('deletion_protection.enabled'))
    expect(await run(refusal(elb.deleteLoadBalancer({ LoadBalancerArn })))).toMatch(
      /^OperationNotPermittedException: .*deletion protection is enabled/,
    )
    expect(await run(refusal(set('deletion.protection')))).toMatch(/is not recognized/)
    const { Attributes } = await run(elb.describeLoadBalancerAttributes({ LoadBalancerArn }))
    expect(Attributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'true' })
  })

  it('that is unknown is not found, by ARN or by name', async () => {
    const { elb, run } = await balancingWorld()
    expect(await run(refusal(elb.describeLoadBalancers({ Names: ['none'] })))).toBe(
      "LoadBalancerNotFoundException: Load balancers '[none]' not found",
    )
    expect(await run(refusal(elb.describeTargetGroups({ Names: ['none'] })))).toBe(
      'TargetGroupNotFoundException: One or more target groups not found',
    )
    const none = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/none/1/2'
    expect(await run(refusal(elb.describeListeners({ ListenerArns: [none] })))).toMatch(/^ListenerNotFound/)
    expect(await run(refusal(elb.describeRules({ RuleArns: [none] })))).toMatch(/^RuleNotFound/)
    expect(await run(refusal(elb.describeTags({ ResourceArns: [none] })))).toMatch(/^ListenerNotFound/)
  })
})

describe('listeners', () => {
  it('have a port of their own, a certificate where they speak TLS, and change', async () => {
    const world = await withListener()
    const { elb, run, arn: LoadBalancerArn } = world
    const make = (order: object) =>
      elb.createListener({
        LoadBalancerArn,
        DefaultActions: [notFound],
        Protocol: 'HTTP',
        Port: 8080,
        ...order,
      })
    expect(await run(refusal(make({ Port: 80 })))).toMatch(/^DuplicateListenerException/)
    expect(await run(refusal(make({ Protocol: 'HTTPS' })))).toMatch(/^CertificateNotFoundException/)
    expect(await run(refusal(make({ Protocol: 'TCP' })))).toMatch(/^UnsupportedProtocolException/)
    const { Listeners } = await run(make({}))
    const ListenerArn = Listeners?.[0]?.ListenerArn ?? ''
    const { arn: CertificateArn } = world.simulator.certificates.add({ names: ['shop.example.com'] })
    await run(
      elb.modifyListener({ ListenerArn, Protocol: 'HTTPS', Port: 443, Certificates: [{ CertificateArn }] }),
    )
    const all = await run(elb.describeListeners({ LoadBalancerArn }))
    expect(all.Listeners).toMatchObject([
      { Port: 80, Protocol: 'HTTP' },
      { Port: 443, Protocol: 'HTTPS', SslPolicy: expect.any(String), Certificates: [{ CertificateArn }] },
    ])
    const address = world.simulator.names.resolve(world.dnsName)[0]?.data ?? ''
    const ask = { method: 'GET', host: 'shop.example.com', path: '/', tls: true }
    await world.seconds(10)
    expect(await world.dataPlane.request(address, ask)).toMatchObject({ status: 404 })
    await run(elb.deleteListener({ ListenerArn }))
    await expect(world.dataPlane.request(address, ask)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  it('change their default rule by ModifyListener only', async () => {
    const world = await withListener()
    const { elb, run, listener: ListenerArn } = world
    const { Rules = [] } = await run(elb.describeRules({ ListenerArn }))
    expect(Rules).toMatchObject([{ Priority: 'default', IsDefault: true, Conditions: [] }])
    const RuleArn = Rules[0]?.RuleArn ?? ''
    expect(await run(refusal(elb.modifyRule({ RuleArn, Actions: [notFound] })))).toBe(
      `OperationNotPermittedException: Default rule '${RuleArn}' cannot be modified`,
    )
    expect(await run(refusal(elb.deleteRule({ RuleArn })))).toMatch(/cannot be deleted/)
    const teapot = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '418' } }
    await run(elb.modifyListener({ ListenerArn, DefaultActions: [teapot] }))
    await world.seconds(10)
    expect(await world.ask(world.dnsName)).toEqual({ 418: 1 })
  })
})

describe('rules', () => {
  it('come in the order of their priorities, the default one last, in pages', async () => {
    const { elb, run, listener: ListenerArn, rule } = await withListener()
    for (const priority of [30, 10, 20]) await rule(priority)
    const { Rules = [], NextMarker } = await run(elb.describeRules({ ListenerArn, PageSize: 3 }))
    expect(Rules.map(({ Priority }) => Priority)).toEqual(['10', '20', '30'])
    const rest = await run(elb.describeRules({ ListenerArn, Marker: NextMarker }))
    expect(rest.Rules?.map(({ Priority }) => Priority)).toEqual(['default'])
  })

  it('have a priority of their own, and change places together', async () => {
    const { elb, run, rule } = await withListener()
    const one = (await rule(1)).Rules?.[0]?.RuleArn ?? ''
    const other = (await rule(2)).Rules?.[0]?.RuleArn ?? ''
    expect(await refusal(rule(1))).toBe("PriorityInUseException: Priority '1' is currently in use")
    const set = (...RulePriorities: { RuleArn: string; Priority: number }[]) =>
      elb.setRulePriorities({ RulePriorities })
    expect(await run(refusal(set({ RuleArn: one, Priority: 2 })))).toMatch(/^PriorityInUse/)
    const { Rules } = await run(set({ RuleArn: one, Priority: 2 }, { RuleArn: other, Priority: 1 }))
    expect(Rules?.map(({ Priority }) => Priority)).toEqual(['2', '1'])
  })

  it('are at most a hundred on a load balancer', async () => {
    const { rule } = await withListener()
    for (let priority = 1; priority <= 100; priority++) await rule(priority)
    expect(await refusal(rule(101))).toMatch(/^TooManyRulesException/)
  })

  it('name at most a hundred target groups on a load balancer', async () => {
    const { rule, targetGroup } = await withListener()
    for (let priority = 1; priority <= 20; priority++) {
      const groups: Record<string, number> = {}
      for (let one = 0; one < 5; one++) groups[await targetGroup(`group-${priority}-${one}`)] = 1
      await rule(priority, { Actions: [weighted(groups)] })
    }
    const Actions = [weighted({ [await targetGroup('one-more')]: 1 })]
    expect(await refusal(rule(21, { Actions }))).toMatch(/^TooManyUniqueTargetGroupsPerLoadBalancerException/)
  })

  it('replace their lists as a whole, and keep what is left out', async () => {
    const world = await withListener()
    const group = await world.targetGroup('one')
    const made = await world.rule(1, { Actions: [{ Type: 'forward', TargetGroupArn: group }] })
    const RuleArn = made.Rules?.[0]?.RuleArn ?? ''
    expect(made.Rules).toMatchObject([
      {
        Conditions: [{ Field: 'path-pattern', Values: ['/1'], PathPatternConfig: { Values: ['/1'] } }],
        Actions: [
          { TargetGroupArn: group, ForwardConfig: { TargetGroups: [{ TargetGroupArn: group, Weight: 1 }] } },
        ],
      },
    ])
    const other = await world.targetGroup('other')
    const { Rules } = await world.run(
      world.elb.modifyRule({ RuleArn, Actions: [weighted({ [group]: 1, [other]: 2 })] }),
    )
    expect(Rules).toMatchObject([{ Conditions: [{ Values: ['/1'] }] }])
    expect(Rules?.[0]?.Actions?.[0]).not.toHaveProperty('TargetGroupArn')
  })

  it.each([
    ['hosts in any case', { Field: 'host-header', Values: ['*.Example.com'] }, {}],
    [
      'paths',
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/orders/*'] } },
      { path: '/orders/7?full' },
    ],
    [
      'methods',
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['PUT'] } },
      { method: 'PUT' },
    ],
    [
      'headers',
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['yes*'] } },
      { headers: { 'x-canary': 'YES please' } },
    ],
    [
      'queries',
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'canary', Value: '1' }] } },
      { path: '/?canary=1' },
    ],
    ['addresses', { Field: 'source-ip', SourceIpConfig: { Values: ['127.0.0.0/8'] } }, {}],
  ])('go by %s', async (_, condition, request) => {
    const world = await withListener()
    const teapot = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '418', MessageBody: 'tea' } }
    await world.rule(1, { Conditions: [condition], Actions: [teapot] })
    await world.seconds(10)
    expect(await world.ask(world.dnsName, request)).toEqual({ 418: 1 })
    const isAlways = condition.Field === 'source-ip'
    expect(await world.ask(world.dnsName, { host: 'other.test' })).toEqual(isAlways ? { 418: 1 } : { 404: 1 })
  })

  it('redirect, with the parts of the URL that the action does not name', async () => {
    const world = await withListener()
    const RedirectConfig = { StatusCode: 'HTTP_301', Protocol: 'HTTPS', Port: '443' }
    await world.rule(1, {
      Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
      Actions: [{ Type: 'redirect', RedirectConfig }],
    })
    await world.seconds(10)
    const address = world.simulator.names.resolve(world.dnsName)[0]?.data ?? ''
    const answer = await world.dataPlane.request(address, {
      method: 'GET',
      host: 'shop.example.com',
      path: '/a/b?c=d',
    })
    expect(answer).toMatchObject({
      status: 301,
      headers: { location: 'https://shop.example.com:443/a/b?c=d' },
    })
  })

  it.each([
    [
      'conditions of no known field',
      { Conditions: [{ Field: 'moon-phase', Values: ['full'] }] },
      /must be one of/,
    ],
    ['no conditions', { Conditions: [] }, /A condition must be specified/],
    [
      'two hosts conditions',
      { Conditions: [1, 2].map(() => ({ Field: 'host-header', Values: ['a.test'] })) },
      /only have one 'host-header'/,
    ],
    ['six values', { Conditions: [{ Field: 'host-header', Values: [...'abcdef'] }] }, /'5' condition values/],
    ['no last action', { Actions: [] }, /^InvalidLoadBalancerActionException/],
    [
      'two last actions',
      {
        Actions: [
          { ...notFound, Order: 1 },
          { ...notFound, Order: 2 },
        ],
      },
      /^InvalidLoadBalancerAction/,
    ],
    ['a login without HTTPS', { Actions: [login(1), { ...notFound, Order: 2 }] }, /only on HTTPS listeners/],
  ])('are refused with %s', async (_, order, why) => {
    const { rule } = await withListener()
    expect(await refusal(rule(1, order))).toMatch(why)
  })

  it('are refused with forwards that cannot be', async () => {
    const world = await withListener()
    const arns: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) arns.push(await world.targetGroup(name))
    const [one = '', other = ''] = arns
    const weights = (count: number) => Object.fromEntries(arns.slice(0, count).map((arn) => [arn, 1]))
    const tcp = await world.targetGroup('tcp', { Protocol: 'TCP' })
    const twice = { TargetGroupArn: one, Weight: 1 }
    for (const [action, why] of [
      [weighted(weights(6)), /at most 5/],
      [weighted({ [one]: 1000 }), /0 to 999/],
      [weighted({ [`${one}0`]: 1 }), /^TargetGroupNotFoundException: Target groups '\[arn/],
      [weighted({ [tcp]: 1 }), /^IncompatibleProtocolsException/],
      [weighted({ [one]: 1 }, 0), /between 1 and 604800/],
      [{ Type: 'forward' }, /must name a target group/],
      [{ Type: 'forward', ForwardConfig: { TargetGroups: [twice, twice] } }, /more than once/],
      [{ ...weighted(weights(2)), TargetGroupArn: one }, /same single target group/],
    ] as const)
      expect(await refusal(world.rule(1, { Actions: [action] }))).toMatch(why)
    await world.rule(1, { Actions: [weighted(weights(5))] })

    const second = await world.given.loadBalancer('second')
    const Conditions = [{ Field: 'path-pattern', Values: ['/'] }]
    const again = world.elb.createRule({
      ListenerArn: second.listener,
      Priority: 1,
      Conditions,
      Actions: [weighted({ [other]: 1 })],
    })
    expect(await world.run(refusal(again))).toBe(
      `TargetGroupAssociationLimitException: The following target groups cannot be associated with more than one load balancer: ${other}`,
    )
    expect(await world.run(refusal(world.elb.deleteTargetGroup({ TargetGroupArn: other })))).toBe(
      `ResourceInUseException: Target group '${other}' is currently in use by a listener or a rule`,
    )
  })
})

const oidc = {
  Issuer: 'https://login.example.com',
  AuthorizationEndpoint: 'https://login.example.com/authorize',
  TokenEndpoint: 'https://login.example.com/token',
  UserInfoEndpoint: 'https://login.example.com/me',
  ClientId: 'shop',
}
function login(Order: number) {
  return {
    Type: 'authenticate-oidc',
    Order,
    AuthenticateOidcConfig: { ...oidc, ClientSecret: 'hush' },
  } as const
}

describe('an authentication action', () => {
  async function withLogin() {
    const world = await withListener()
    const { arn: CertificateArn } = world.simulator.certificates.add({ names: ['shop.example.com'] })
    const { Listeners } = await world.run(
      world.elb.createListener({
        LoadBalancerArn: world.arn,
        Protocol: 'HTTPS',
        Port: 443,
        Certificates: [{ CertificateArn }],
        DefaultActions: [login(1), { ...notFound, Order: 2 }],
      }),
    )
    await world.seconds(10)
    const address = world.simulator.names.resolve(world.dnsName)[0]?.data ?? ''
    return {
      ...world,
      ListenerArn: Listeners?.[0]?.ListenerArn ?? '',
      actions: Listeners?.[0]?.DefaultActions ?? [],
      get: (headers: Readonly<Record<string, string>> = {}) =>
        world.dataPlane.request(address, {
          method: 'GET',
          host: 'shop.example.com',
          path: '/',
          tls: true,
          headers,
        }),
    }
  }

  it('sends who has no session to the login, and lets the others through', async () => {
    const world = await withLogin()
    expect(await world.get()).toMatchObject({
      status: 302,
      headers: { location: expect.stringContaining('https://login.example.com/authorize?client_id=shop') },
    })
    expect(await world.get({ cookie: 'AWSELBAuthSessionCookie-0=abc' })).toMatchObject({ status: 404 })
  })

  it('never shows its secret, and wants it again or the word that it stays', async () => {
    const world = await withLogin()
    const { ListenerArn, actions, elb, run } = world
    expect(JSON.stringify(actions)).not.toContain('hush')
    expect(await run(refusal(elb.modifyListener({ ListenerArn, DefaultActions: actions })))).toMatch(
      /A client secret must be specified/,
    )
    const kept = { ...login(1), AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } }
    await run(elb.modifyListener({ ListenerArn, DefaultActions: [kept, { ...notFound, Order: 2 }] }))
    await run(elb.modifyListener({ ListenerArn, DefaultActions: [notFound] }))
    await world.seconds(10)
    expect(await world.get()).toMatchObject({ status: 404 })
  })
})

describe('tags', () => {
  it('are kept for everything, and read of at most twenty at a time', async () => {
    const { elb, run, arn, listener } = await withListener()
    const Tags = [{ Key: 'team', Value: 'web' }]
    await run(elb.addTags({ ResourceArns: [arn, listener], Tags }))
    await run(elb.removeTags({ ResourceArns: [listener], TagKeys: ['team'] }))
    const { TagDescriptions } = await run(elb.describeTags({ ResourceArns: [arn, listener] }))
    expect(TagDescriptions).toEqual([
      { ResourceArn: arn, Tags },
      { ResourceArn: listener, Tags: [] },
    ])
    expect(await run(refusal(elb.describeTags({ ResourceArns: Array(21).fill(arn) })))).toMatch(
      /ValidationError/,
    )
    const twice = elb.addTags({ ResourceArns: [arn], Tags: [...Tags, ...Tags] })
    expect(await run(refusal(twice))).toMatch(/^DuplicateTagKeysException/)
  })
})
