import { describe, expect, it } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front-end/0dbf78d8ad96abbc'
const shared = {
  'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
  'aws:elbv2:loadbalancer/SharedLoadBalancer': arn,
}

const ofShop = {
  ...shared,
  'aws:elbv2:listener:80/Rules': 'default,shop',
  'aws:elbv2:listenerrule:shop/HostHeaders': 'shop.example.com',
}

async function pair({ blue = {}, green = {} }: { blue?: object; green?: object } = {}) {
  const world = beanstalkWorld()
  const one = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    cnamePrefix: 'shop',
    options: { ...shared, ...blue },
  })
  const other = await world.given.environment({
    application: 'shop',
    name: 'shop-green',
    version: 'v2',
    options: { ...shared, ...green },
  })
  const address = () => {
    const [found] = world.simulator.names.resolve(one.endpoint)
    if (!found) throw new Error('no address')
    return found.data
  }
  return {
    ...world,
    blue: one,
    green: other,
    /** Status and version of what answers a request at the load balancer. */
    async ask(host: string, path = '/') {
      const { status, headers } = await world.dataPlane.request(address(), { method: 'GET', host, path })
      return headers['x-version'] ?? status
    },
    swap: () =>
      world.run(
        world.eb.swapEnvironmentCNAMEs({ SourceEnvironmentId: one.id, DestinationEnvironmentId: other.id }),
      ),
  }
}

describe('a shared load balancer', () => {
  it('is one front for both environments, which are told apart by their names', async () => {
    const world = await pair()
    expect(world.blue.endpoint).toBe(world.green.endpoint)
    expect(await world.ask(world.blue.cname)).toBe('v1')
    expect(await world.ask(world.green.cname.toUpperCase())).toBe('v2')
    expect(await world.ask('nobody.example.com')).toBe(404)
    expect((await world.get(world.blue.cname))?.headers['x-version']).toBe('v1')
    expect(world.state().sharedLoadBalancers).toMatchObject([
      { arn, environments: [world.blue.id, world.green.id] },
    ])
  })

  it('is shown by its ARN, and by options without a default listener', async () => {
    const world = await pair()
    const { EnvironmentResources } = await world.run(
      world.eb.describeEnvironmentResources({ EnvironmentName: 'shop-blue' }),
    )
    expect(EnvironmentResources?.LoadBalancers).toEqual([{ Name: arn }])
    const { ConfigurationSettings = [] } = await world.run(
      world.eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }),
    )
    const options = ConfigurationSettings[0]?.OptionSettings ?? []
    expect(options.some(({ Namespace }) => Namespace === 'aws:elbv2:listener:default')).toBe(false)
    expect(options.find(({ OptionName }) => OptionName === 'SharedLoadBalancer')?.Value).toBe(arn)
  })

  it('follows a swap with Beanstalk’s own rules, and not with those of the user', async () => {
    const world = await pair({ blue: ofShop })
    expect(await world.ask('shop.example.com')).toBe('v1')
    await world.swap()
    await world.until('shop-green', 'Ready')
    expect(await world.ask('shop.us-east-1.elasticbeanstalk.com')).toBe('v2')
    expect(await world.ask(world.green.cname)).toBe('v1')
    expect(await world.ask('shop.example.com')).toBe('v1')
  })

  it('answers both names all the time during a swap', async () => {
    const world = await pair()
    await world.swap()
    for (let look = 0; look < 60; look++) {
      await world.clock.runUntil(world.clock.now() + 100)
      expect(await world.ask(world.blue.cname)).toMatch(/^v/)
      expect(await world.ask(world.green.cname)).toMatch(/^v/)
    }
  })

  it('sends paths by rules, the lower priority first, those of who was there before first of all', async () => {
    const rule = (name: string, priority: string, paths: string) => ({
      'aws:elbv2:listener:80/Rules': `default,${name}`,
      [`aws:elbv2:listenerrule:${name}/HostHeaders`]: '*.example.com',
      [`aws:elbv2:listenerrule:${name}/PathPatterns`]: paths,
      [`aws:elbv2:listenerrule:${name}/Priority`]: priority,
    })
    const world = await pair({ blue: rule('orders', '9', '/orders/*'), green: rule('all', '1', '/*') })
    expect(await world.ask('shop.example.com', '/orders/7?full')).toBe('v1')
    expect(await world.ask('shop.example.com', '/')).toBe('v2')
    expect(await world.ask('shop.example.org', '/')).toBe(404)
  })

  it('has no rule of the environment’s name when the listeners name others only', async () => {
    const { 'aws:elbv2:listener:80/Rules': _, ...rest } = ofShop
    const world = await pair({ blue: { ...rest, 'aws:elbv2:listener:80/Rules': 'shop' } })
    expect(await world.ask(world.blue.cname)).toBe(404)
    expect(await world.ask('shop.example.com')).toBe('v1')
  })

  it('stays when an environment ends, without its rules', async () => {
    const world = await pair()
    await world.run(world.eb.terminateEnvironment({ EnvironmentId: world.green.id }))
    await world.until('shop-green', 'Terminated')
    expect(await world.ask(world.green.cname)).toBe(404)
    expect(await world.ask(world.blue.cname)).toBe('v1')
  })

  it('is the load balancer of a clone, too', async () => {
    const world = await pair({ blue: ofShop })
    const template = { ApplicationName: 'shop', TemplateName: 'copy' }
    await world.run(world.eb.createConfigurationTemplate({ ...template, EnvironmentId: world.blue.id }))
    await world.run(
      world.eb.createEnvironment({ ...template, EnvironmentName: 'shop-clone', VersionLabel: 'v2' }),
    )
    await world.until('shop-clone', 'Ready')
    const clone = world.environment('shop-clone')
    expect(clone.endpoint).toBe(world.blue.endpoint)
    expect(await world.ask(clone.cname ?? '')).toBe('v2')
    // Both want that host; the first one has it.
    expect(await world.ask('shop.example.com')).toBe('v1')
  })

  it('counts for each environment what it answered', async () => {
    const world = await pair()
    for (let one = 0; one < 3; one++) await world.ask(world.blue.cname)
    expect(world.dataPlane.traffic(world.blue.id).requests).toBe(3)
    expect(world.dataPlane.traffic(world.green.id).requests).toBe(0)
  })

  it('answers 503 for an environment without instances in service', async () => {
    const world = await pair()
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.green.id, VersionLabel: 'v1' }))
    await world.seconds(50)
    expect(await world.ask(world.green.cname)).toBe(503)
    expect(await world.ask(world.blue.cname)).toBe('v1')
  })

  it.each([
    ['aws:elasticbeanstalk:environment', 'LoadBalancerIsShared', 'false'],
    ['aws:elasticbeanstalk:environment', 'LoadBalancerType', 'classic'],
    ['aws:elbv2:loadbalancer', 'SharedLoadBalancer', `${arn}0`],
  ])('cannot be changed: %s %s', async (Namespace, OptionName, Value) => {
    const world = await pair()
    const update = world.eb.updateEnvironment({
      EnvironmentId: world.blue.id,
      OptionSettings: [{ Namespace, OptionName, Value }],
    })
    expect(await world.run(refusal(update))).toMatch(
      /Configuration validation exception: Invalid option value/,
    )
  })

  it.each([
    [{}, /Specify the ARN/],
    [{ SharedLoadBalancer: arn, LoadBalancerType: 'network' }, /Only an Application Load Balancer/],
  ])('needs an ARN and the right type: %j', async (given, why) => {
    const world = beanstalkWorld()
    const of = { LoadBalancerIsShared: 'true', LoadBalancerType: 'application', ...given }
    const made = world.eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-blue',
      SolutionStackName: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22',
      OptionSettings: Object.entries(of).map(([OptionName, Value]) => ({
        Namespace:
          OptionName === 'SharedLoadBalancer' ? 'aws:elbv2:loadbalancer' : 'aws:elasticbeanstalk:environment',
        OptionName,
        Value,
      })),
    })
    expect(await world.run(refusal(made))).toMatch(why)
  })
})
