import { describe, expect, it } from 'vitest'
import { beanstalkWorld } from './beanstalk-world.ts'

type World = ReturnType<typeof beanstalkWorld>

const shop = 'arn:aws:acm:us-east-1:123456789012:certificate/shop'

const https = (arns = shop): Record<string, string> => ({
  'aws:elbv2:listener:443/Protocol': 'HTTPS',
  'aws:elbv2:listener:443/SSLCertificateArns': arns,
})

async function environmentOf(world: World, options: Record<string, string> = {}, single = false) {
  const { name, ...others } = { name: 'shop-blue', application: 'shop', version: 'v1', options, single }
  const { id, endpoint } = await world.given.environment({ name, ...others })
  const [address = ''] = world.simulator.names.resolve(endpoint).map(({ data }) => data)
  return { id, endpoint, address: single ? endpoint : address }
}

function worldWithCertificate(...names: readonly string[]) {
  const world = beanstalkWorld()
  world.simulator.certificates.add({ arn: shop, names: names.length > 0 ? names : ['shop.example.com'] })
  return world
}

const ask = (world: World, address: string, { host = 'shop.example.com', path = '/', tls = true } = {}) =>
  world.dataPlane.request(address, { method: 'GET', host, path, tls })

const setting = (key: string, Value: string) => {
  const slash = key.lastIndexOf('/')
  return { Namespace: key.slice(0, slash), OptionName: key.slice(slash + 1), Value }
}

describe('a listener of HTTPS', () => {
  it('serves port 443 with the certificate of its option settings, and the application learns of it', async () => {
    const world = worldWithCertificate()
    const seen: unknown[] = []
    const behaviours = beanstalkWorld({
      behaviours: { v1: { respond: ({ headers }) => void seen.push(headers) } },
    })
    behaviours.simulator.certificates.add({ arn: shop, names: ['shop.example.com'] })
    const { address } = await environmentOf(world, https())
    expect(await ask(world, address)).toMatchObject({ status: 200 })

    const other = await environmentOf(behaviours, https())
    await ask(behaviours, other.address)
    await ask(behaviours, other.address, { tls: false })
    expect(seen.slice(-2)).toMatchObject([
      { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      { 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' },
    ])
  })

  it('is not there without options: nobody answers at port 443, a load balancer or not', async () => {
    const world = beanstalkWorld()
    for (const single of [false, true]) {
      const { address } = await environmentOf(world, {}, single)
      await expect(ask(world, address)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
      expect(await ask(world, address, { tls: false })).toMatchObject({ status: 200 })
    }
  })

  it('shows a certificate for another name to who asks for a name that it has none for', async () => {
    const world = worldWithCertificate('www.example.com', 'api.example.com')
    const { address } = await environmentOf(world, https())
    await expect(ask(world, address)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: expect.stringContaining('DNS:www.example.com, DNS:api.example.com'),
    })
  })

  it.each([
    ['shop.example.com', true],
    ['SHOP.example.com', true],
    ['example.com', false],
    ['eu.shop.example.com', false],
  ])('a star stands for one label: *.example.com is for %s: %s', async (host, isFor) => {
    const world = worldWithCertificate('*.example.com')
    const { address } = await environmentOf(world, https())
    const status = await ask(world, address, { host }).then(
      (answer) => answer.status,
      (error) => error.code,
    )
    expect(status).toBe(isFor ? 200 : 'ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it('has several certificates, and shows the one that the client asks for', async () => {
    const world = worldWithCertificate('www.example.com')
    const { arn } = world.simulator.certificates.add({ names: ['shop.example.com'] })
    const { address } = await environmentOf(world, https(`${shop}, ${arn}`))
    expect(await ask(world, address)).toMatchObject({ status: 200 })
    expect(await ask(world, address, { host: 'www.example.com' })).toMatchObject({ status: 200 })
  })

  it('speaks TLS only: plain HTTP is a 400 that no instance sees', async () => {
    const world = worldWithCertificate()
    const { address, id } = await environmentOf(world, https())
    expect(await ask(world, `${address}:443`, { tls: false })).toMatchObject({ status: 400 })
    await expect(ask(world, `${address}:80`)).rejects.toMatchObject({ code: 'EPROTO' })
    expect(world.dataPlane.traffic(id).requests).toBe(0)
  })

  it('is plain HTTP where the options do not say a protocol, and gone where they disable it', async () => {
    const world = worldWithCertificate()
    const { address } = await environmentOf(world, {
      'aws:elbv2:listener:443/DefaultProcess': 'default',
      'aws:elbv2:listener:default/ListenerEnabled': 'false',
    })
    expect(await ask(world, `${address}:443`, { tls: false })).toMatchObject({ status: 200 })
    await expect(ask(world, address, { tls: false })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  it('of a classic load balancer passes on to the port of the same number, unless told otherwise', async () => {
    const world = worldWithCertificate()
    const classic = {
      'aws:elasticbeanstalk:environment/LoadBalancerType': 'classic',
      'aws:elb:listener:443/ListenerProtocol': 'HTTPS',
      'aws:elb:listener:443/SSLCertificateId': shop,
    }
    const { address } = await environmentOf(world, classic)
    expect(await ask(world, address)).toMatchObject({ status: 502 })
    const told = await environmentOf(world, { ...classic, 'aws:elb:listener:443/InstancePort': '80' })
    expect(await ask(world, told.address)).toMatchObject({ status: 200 })
    expect(await ask(world, told.address, { tls: false })).toMatchObject({ status: 200 })
  })

  it('comes and goes with an update of the configuration', async () => {
    const world = worldWithCertificate()
    const { address } = await environmentOf(world)
    const update = async (order: object) => {
      await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', ...order }))
      await world.until('shop-blue', 'Ready')
    }
    await update({ OptionSettings: Object.entries(https()).map(([key, value]) => setting(key, value)) })
    expect(await ask(world, address)).toMatchObject({ status: 200 })
    await update({ OptionSettings: [setting('aws:elbv2:listener:443/ListenerEnabled', 'false')] })
    await expect(ask(world, address)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  it('comes along when an environment is made from the configuration of another', async () => {
    const world = worldWithCertificate()
    const { id } = await environmentOf(world, https())
    await world.run(
      world.eb.createConfigurationTemplate({
        ApplicationName: 'shop',
        TemplateName: 'like-blue',
        EnvironmentId: id,
      }),
    )
    await world.run(
      world.eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-green',
        TemplateName: 'like-blue',
        VersionLabel: 'v2',
      }),
    )
    await world.until('shop-green', 'Ready')
    const [address = ''] = world.simulator.names
      .resolve(world.environment('shop-green').endpoint ?? '')
      .map(({ data }) => data)
    expect(await ask(world, address)).toMatchObject({ status: 200, headers: { 'x-version': 'v2' } })
  })
})

describe('a listener that Elastic Load Balancing does not make', () => {
  it.each([
    [
      https('arn:aws:acm:us-east-1:1:certificate/gone'),
      "Certificate 'arn:aws:acm:us-east-1:1:certificate/gone' not found",
    ],
    [https(''), 'A certificate must be specified for HTTPS listeners'],
    [
      {
        'aws:elasticbeanstalk:environment/LoadBalancerType': 'classic',
        'aws:elb:listener:443/ListenerProtocol': 'SSL',
      },
      'Secure Listeners need to specify a SSLCertificateId',
    ],
  ])('fails a launch: %j', async (options, why) => {
    const world = beanstalkWorld()
    await world.run(
      world.eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-green',
        SolutionStackName: (await world.run(world.eb.listAvailableSolutionStacks())).SolutionStacks?.[0],
        VersionLabel: 'v1',
        OptionSettings: Object.entries({
          'aws:elasticbeanstalk:environment/LoadBalancerType': 'application',
          ...options,
        }).map(([key, value]) => setting(key, value)),
      }),
    )
    await world.until('shop-green', 'Ready')
    const lines = (await world.messages('shop-green')).join('\n')
    expect(lines).toContain(`Creating Load Balancer listener failed Reason: ${why} (Service:`)
    expect(lines).toContain('[AWSEBV2LoadBalancerListener443]')
    expect(lines).toContain('However, there were issues during launch.')
    expect(world.environment('shop-green')).toMatchObject({ endpoint: undefined, health: 'Grey' })
  })

  it('fails an update and leaves the environment as it was', async () => {
    const world = beanstalkWorld()
    const { address } = await environmentOf(world)
    await world.run(
      world.eb.updateEnvironment({
        EnvironmentName: 'shop-blue',
        VersionLabel: 'v2',
        OptionSettings: Object.entries(https()).map(([key, value]) => setting(key, value)),
      }),
    )
    await world.until('shop-blue', 'Ready')
    expect((await world.messages('shop-blue')).join('\n')).toMatch(
      /'UPDATE_ROLLBACK_IN_PROGRESS'[\s\S]*not found[\s\S]*reverted to the previous[\s\S]*but with errors/,
    )
    expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Green' })
    expect(await ask(world, address, { tls: false })).toMatchObject({ headers: { 'x-version': 'v1' } })
  })
})

describe("rules of one's own", () => {
  const rules = {
    'aws:elbv2:listener:default/Rules': 'shop, admin',
    'aws:elbv2:listener:default/DefaultProcess': 'nowhere',
    'aws:elasticbeanstalk:environment:process:nowhere/Port': '8081',
    'aws:elbv2:listenerrule:shop/HostHeaders': 'shop.example.com,*.shop.example.com',
    'aws:elbv2:listenerrule:shop/Priority': '2',
    'aws:elbv2:listenerrule:admin/PathPatterns': '/admin/*',
    'aws:elbv2:listenerrule:admin/Process': 'nowhere',
    'aws:elbv2:listenerrule:admin/Priority': '1',
    'aws:elbv2:listenerrule:unused/PathPatterns': '*',
  }

  it.each([
    ['shop.example.com', '/', 200],
    ['SHOP.example.com:80', '/orders?page=2', 200],
    ['eu.shop.example.com', '/', 200],
    ['shop-example.com', '/', 502],
    ['shop.example.org', '/', 502],
    ['shop.example.com', '/admin/users', 502],
    ['shop.example.com', '/?back=/admin/', 200],
    ['shop.example.com', '/ADMIN/users', 200],
  ])('%s%s is answered with %s', async (host, path, status) => {
    const world = beanstalkWorld()
    const { address } = await environmentOf(world, rules)
    expect(await ask(world, address, { host, path, tls: false })).toMatchObject({ status })
  })

  it('count only where a listener names them', async () => {
    const world = beanstalkWorld()
    const { 'aws:elbv2:listener:default/Rules': _, ...unnamed } = rules
    const { address } = await environmentOf(world, unnamed)
    expect(await ask(world, address, { tls: false })).toMatchObject({ status: 502 })
  })
})

describe('an internal load balancer', () => {
  const internal = { 'aws:ec2:vpc/ELBScheme': 'internal' }

  it('has a name that everybody can look up, and an address that only the VPC reaches', async () => {
    const world = beanstalkWorld()
    const { endpoint, address } = await environmentOf(world, internal)
    expect(endpoint).toMatch(/^internal-awseb-/)
    expect(address).toMatch(/^10\./)
    await expect(ask(world, address, { tls: false })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    const request = { method: 'GET', host: 'shop.example.com', path: '/', inside: true }
    expect(await world.dataPlane.request(address, request)).toMatchObject({ status: 200 })
    expect(world.environment('shop-blue').health).toBe('Green')
  })

  it('is what ELBScheme says literally; other values are ignored', async () => {
    const world = beanstalkWorld()
    const { endpoint, address } = await environmentOf(world, { 'aws:ec2:vpc/ELBScheme': 'Internal' })
    expect(endpoint).toMatch(/^awseb-/)
    expect(address).toMatch(/^127\./)
  })
})
