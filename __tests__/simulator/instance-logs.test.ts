import { ElasticBeanstalk } from '@aws-sdk/client-elastic-beanstalk'
import { afterEach, describe, expect, it } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

async function withBlue(instances = 1) {
  const world = beanstalkWorld({ behaviours: { v2: { starts: false, output: 'SyntaxError: nope' } } })
  const { eb, run, simulator } = world
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    instances,
  })
  /** A GET as any HTTP client sends it: no signature but what the URL has. */
  const get = (url: string) => {
    const { host, pathname, search } = new URL(url)
    const request = { method: 'GET', path: pathname + search, headers: { host }, body: new Uint8Array() }
    return run(simulator.handle(request))
  }
  return {
    ...world,
    blue,
    async pull(InfoType: 'tail' | 'bundle') {
      await run(eb.requestEnvironmentInfo({ EnvironmentId: blue.id, InfoType }))
      await world.seconds(11)
      const { EnvironmentInfo = [] } = await run(
        eb.retrieveEnvironmentInfo({ EnvironmentId: blue.id, InfoType }),
      )
      return EnvironmentInfo.map(({ Message = '', Ec2InstanceId, SampleTimestamp }) => ({
        url: Message,
        instance: Ec2InstanceId,
        at: SampleTimestamp,
      }))
    },
    get,
    async read(url: string) {
      const answer = await get(url)
      if (typeof answer === 'string') throw new Error(answer)
      return { status: answer.status, content: Buffer.from(answer.body) }
    },
  }
}

describe('logs of instances', () => {
  it('have a URL for each instance that a plain GET reads, some seconds after they were asked for', async () => {
    const world = await withBlue(2)
    const logs = await world.pull('tail')
    expect(logs.map(({ instance }) => instance)).toEqual(
      world.environment('shop-blue').instances.map(({ id }) => id),
    )
    const { status, content } = await world.read(logs[0]?.url ?? '')
    expect(status).toBe(200)
    expect(content.toString()).toMatch(/\/var\/log\/web\.stdout\.log\n-{40}\nv1 listens\n/)
    expect(await world.messages('shop-blue')).toContain('Pulled logs for environment instances.')
  })

  it('have URLs that are signed, with a date and an expiry', async () => {
    const world = await withBlue()
    const [log] = await world.pull('tail')
    const { hostname, searchParams } = new URL(log?.url ?? '')
    expect(hostname).toBe('elasticbeanstalk-us-east-1-123456789012.s3.us-east-1.amazonaws.com')
    expect(searchParams.get('X-Amz-Date')).toMatch(/^20260105T\d{6}Z$/)
    expect(searchParams.get('X-Amz-Credential')).toMatch(
      /^ASIA\w{16}\/20260105\/us-east-1\/s3\/aws4_request$/,
    )
    await world.clock.runUntil(world.clock.now() + 86_400_000)
    expect(await world.get(log?.url ?? '')).toMatchObject({ status: 403 })
  })

  it('end with what an application that did not start said last', async () => {
    const world = await withBlue()
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.blue.id, VersionLabel: 'v2' }))
    await world.until('shop-blue', 'Ready')
    const [log] = await world.pull('tail')
    const { content } = await world.read(log?.url ?? '')
    expect(content.toString()).toContain('v1 listens\nSyntaxError: nope')
    expect(content.toString()).toContain('[ERROR] An error occurred during execution of command [app-deploy]')
  })

  it('come as a zip of whole files, too', async () => {
    const world = await withBlue()
    const [log] = await world.pull('bundle')
    const { content } = await world.read(log?.url ?? '')
    const zip = await fromBufferPromise(content, { lazyEntries: true })
    const names: string[] = []
    for await (const entry of zip.eachEntry()) names.push(entry.fileName)
    expect(names).toEqual(['var/log/eb-engine.log', 'var/log/web.stdout.log'])
    expect(await world.pull('tail')).toHaveLength(1)
  })

  it('are deleted from S3 after a quarter of an hour', async () => {
    const world = await withBlue()
    const [log] = await world.pull('tail')
    await world.seconds(14 * 60)
    expect((await world.read(log?.url ?? '')).status).toBe(200)
    await world.seconds(60)
    expect((await world.read(log?.url ?? '')).status).toBe(404)
  })

  it('are not analysed', async () => {
    const world = await withBlue()
    const asked = world.eb.requestEnvironmentInfo({ EnvironmentId: world.blue.id, InfoType: 'analyze' })
    expect(await world.run(refusal(asked))).toMatch(/no analyses/)
  })
})

describe('over HTTP', () => {
  let aws: LocalAws | undefined
  afterEach(() => aws?.close())

  it('logs are fetched from the address at which they were asked for', async () => {
    aws = await startLocalAws({ speed: 600 })
    const { given } = aws.simulator.beanstalk
    const { id } = await given.environment({ application: 'shop', name: 'shop-blue' })
    const eb = new ElasticBeanstalk({
      endpoint: aws.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    await eb.requestEnvironmentInfo({ EnvironmentId: id, InfoType: 'tail' })
    let url: string | undefined
    while (url === undefined) {
      const order = { EnvironmentId: id, InfoType: 'tail' } as const
      url = (await eb.retrieveEnvironmentInfo(order)).EnvironmentInfo?.[0]?.Message
    }
    expect(url.startsWith(`${aws.url}/elasticbeanstalk-us-east-1-`)).toBe(true)
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('/var/log/web.stdout.log')
  })
})
