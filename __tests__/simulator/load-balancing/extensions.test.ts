import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { balancingWorld, weighted } from './balancing-world.ts'

/** A source bundle with these files; packed, as real ones are. */
function bundle(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    zip.outputStream
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts)))
  })
}

const own = 'AWSEBV2LoadBalancerTargetGroup'
const perEnvironment = `
Resources:
  AWSEBAutoScalingGroup:
    Properties:
      TargetGroupARNs:
        - { "Ref": "${own}" }
        - Fn::GetOptionSetting:
            OptionName: TargetGroupArn
            DefaultValue: ""
`

async function withBundle(version: string, files: Readonly<Record<string, string>>) {
  const world = await balancingWorld()
  await world.made('shop-blue', 'v1')
  world.given.version('shop', version, await bundle({ Procfile: 'web: node server.js', ...files }))
  const group = await world.targetGroup('blue')
  return {
    ...world,
    group,
    named: async () => {
      const { AutoScalingGroups } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
      return AutoScalingGroups?.[0]?.TargetGroupARNs ?? []
    },
    async update(order: object) {
      await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', ...order }))
      await world.until('shop-blue', 'Ready')
    },
  }
}

const option = (Value: string) => [
  { Namespace: 'aws:elasticbeanstalk:customoption', OptionName: 'TargetGroupArn', Value },
]

describe('TargetGroupARNs of a bundle’s .ebextensions', () => {
  it('are attached with the deployment, by each environment’s own option', async () => {
    const world = await withBundle('v3', { '.ebextensions/groups.config': perEnvironment })
    const [first = ''] = await world.named()
    await world.update({ VersionLabel: 'v3' })
    expect(await world.named()).toEqual([first])
    await world.update({ OptionSettings: option(world.group) })
    expect(await world.named()).toEqual([first, world.group])
    expect(await world.health(world.group)).toEqual(Array(2).fill('unused Target.NotInUse'))
    await world.update({ VersionLabel: 'v2' })
    expect(await world.named()).toEqual([first])
  })

  it('are there from the beginning in an environment that is made with them, and come back when it is rebuilt', async () => {
    const world = await withBundle('v3', { '.ebextensions/groups.config': perEnvironment })
    await world.run(
      world.eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-green',
        VersionLabel: 'v3',
        SolutionStackName: (await world.run(world.eb.listAvailableSolutionStacks())).SolutionStacks?.[0],
        OptionSettings: [
          {
            Namespace: 'aws:elasticbeanstalk:environment',
            OptionName: 'LoadBalancerType',
            Value: 'application',
          },
          ...option(world.group),
        ],
      }),
    )
    await world.until('shop-green', 'Ready')
    const { listener, dnsName } = await world.given.loadBalancer('front-end')
    await world.run(
      world.elb.modifyListener({ ListenerArn: listener, DefaultActions: [weighted({ [world.group]: 1 })] }),
    )
    await world.seconds(20)
    expect(await world.ask(dnsName)).toEqual({ v3: 1 })
    await world.run(world.eb.rebuildEnvironment({ EnvironmentName: 'shop-green' }))
    await world.until('shop-green', 'Ready')
    await world.seconds(20)
    expect(await world.ask(dnsName)).toEqual({ v3: 1 })
  })

  it('take the place of Beanstalk’s own: its load balancer has no targets when they leave it out', async () => {
    const world = await withBundle('v3', {})
    const text = JSON.stringify({
      Resources: {
        AWSEBAutoScalingGroup: {
          Properties: {
            TargetGroupARNs: {
              'Fn::Split': [',', { 'Fn::GetOptionSetting': { OptionName: 'TargetGroupArn' } }],
            },
          },
        },
      },
    })
    world.given.version('shop', 'v4', await bundle({ '.ebextensions/groups.config': text }))
    const { endpoint = '' } = world.environment('shop-blue')
    const [first = ''] = await world.named()
    await world.update({ VersionLabel: 'v4', OptionSettings: option(`${world.group}`) })
    expect(await world.named()).toEqual([world.group])
    expect(await world.health(first)).toEqual([])
    expect(await world.ask(endpoint)).toEqual({ 503: 1 })
  })

  it('leave alone what was attached by hand', async () => {
    const world = await withBundle('v3', { '.ebextensions/groups.config': perEnvironment })
    const byHand = await world.targetGroup('by-hand')
    await world.attach('shop-blue', byHand)
    await world.update({ VersionLabel: 'v3', OptionSettings: option(world.group) })
    expect(await world.named()).toEqual([expect.stringContaining('awseb-AWSEB'), byHand, world.group])
  })

  it.each([
    ['a target group that is not there', { Ref: own }, 'Provided Target Groups may not be valid', true],
    ['a resource that is not there', { Ref: 'Nothing' }, 'Unresolved resource dependencies [Nothing]', false],
    ['a function that is not simulated', { 'Fn::Sub': 'x' }, 'cannot resolve', false],
  ])('fail a deployment with %s', async (_, value, why, isMissing) => {
    const TargetGroupARNs = isMissing
      ? [value, 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/1']
      : [value]
    const text = JSON.stringify({ Resources: { AWSEBAutoScalingGroup: { Properties: { TargetGroupARNs } } } })
    const world = await withBundle('v3', { '.ebextensions/groups.config': text })
    const before = await world.named()
    await world.update({ VersionLabel: 'v3' })
    expect(world.environment('shop-blue').version).toBe('v1')
    expect(await world.named()).toEqual(before)
    expect((await world.messages('shop-blue')).join('\n')).toContain(why)
  })

  it('fail a deployment whose file cannot be read', async () => {
    const world = await withBundle('v3', { '.ebextensions/groups.config': 'Resources: [' })
    await world.update({ VersionLabel: 'v3' })
    expect((await world.messages('shop-blue')).join('\n')).toContain(
      'The configuration file .ebextensions/groups.config in application version is not valid',
    )
  })
})
