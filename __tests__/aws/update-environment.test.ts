import { describe, expect, it } from 'vitest'
import { NotTogether, Refused } from '../../src/deployment/errors.ts'
import { awsWorld } from './world.ts'

const tracing = { namespace: 'aws:elasticbeanstalk:xray', name: 'XRayEnabled', value: 'true' }
const property = { namespace: 'aws:elasticbeanstalk:application:environment', name: 'STAGE', value: 'green' }
const options = { optionSettings: [tracing, property], optionsToRemove: [] }

const has = async (world: ReturnType<typeof awsWorld>, name: string) =>
  (await world.run(world.beanstalk.options('shop-green'))).find((option) => option.name === name)?.value

describe('an update of an environment', () => {
  it('brings a version and options together', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    await world.run(world.beanstalk.deploy(green.id, 'v2', options))
    await world.seconds(600)
    expect(world.environment(green.id).version).toBe('v2')
    expect(await has(world, 'STAGE')).toBe('green')
    expect(world.calls('UpdateEnvironment')).toHaveLength(1)
  })

  it('says that AWS does not take both, and that nothing happened', async () => {
    const world = awsWorld({ switches: { versionWithOptions: 'refused' } })
    const { green } = await world.pair()
    const together = world.beanstalk.deploy(green.id, 'v2', options).catch((thrown) => thrown)
    const thrown = await world.run(together)
    expect(thrown).toBeInstanceOf(NotTogether)
    expect(thrown.message).toContain('not allowed')
    expect(world.environment(green.id).status).toBe('Ready')
  })

  it('sets options and takes them out, and leaves the version alone', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    await world.run(world.beanstalk.configure(green.id, options))
    await world.seconds(600)
    const { namespace, name } = property
    const out = { optionSettings: [], optionsToRemove: [{ namespace, name, resource: undefined }] }
    await world.run(world.beanstalk.configure(green.id, out))
    await world.seconds(600)
    expect(await has(world, 'XRayEnabled')).toBe('true')
    expect(await has(world, 'STAGE')).toBeUndefined()
    expect(world.environment(green.id).version).toBe('v1')
  })

  it('changes the platform, by its ARN or by the name of its solution stack', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    const stack = '64bit Amazon Linux 2023 v6.5.2 running Node.js 22'
    const arn =
      'arn:aws:elasticbeanstalk:us-east-1::platform/Python 3.13 running on 64bit Amazon Linux 2023/4.7.1'
    for (const platform of [stack, arn]) {
      await world.run(world.beanstalk.configure(green.id, { platform }))
      await world.seconds(600)
      const [now] = await world.run(world.beanstalk.read([green.id]))
      expect(now?.platform).toContain(platform === arn ? arn : '/6.5.2')
    }
  })

  it('does not repeat an option’s value when AWS does not take it', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    const change = { optionSettings: [{ ...tracing, value: 'perhaps-a-secret' }], optionsToRemove: [] }
    const thrown = await world.run(world.beanstalk.configure(green.id, change).catch((error) => error))
    expect(thrown).toBeInstanceOf(Refused)
    expect(thrown.message).toContain('AWS refused to change options of e-')
    expect(thrown.message).toContain(
      "Invalid option value: '***' (Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled')",
    )
    expect(thrown.message).not.toContain('perhaps')
  })
})

it('a saved configuration shows its options', async () => {
  const world = awsWorld()
  const { blue } = await world.pair()
  await world.run(world.beanstalk.createTemplate('standard', blue.id))
  const found = await world.run(world.beanstalk.templateOptions('standard'))
  expect(found).toContainEqual({
    namespace: 'aws:elasticbeanstalk:xray',
    name: 'XRayEnabled',
    value: 'false',
  })
})
