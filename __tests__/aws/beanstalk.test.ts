import {
  ListAvailableSolutionStacksCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { describe, expect, it } from 'vitest'
import { createBeanstalk } from '../../src/aws/beanstalk.ts'
import { healthOf } from '../../src/aws/environments.ts'
import { meaningOfEvent } from '../../src/aws/event-texts.ts'
import { AnswerLost, type Failure, Refused, Unreachable } from '../../src/deployment/errors.ts'
import type { NewEnvironment } from '../../src/deployment/ports.ts'
import { awsWorld } from './world.ts'

const order: NewEnvironment = {
  name: 'shop-green',
  version: 'v2',
  base: { platform: '64bit Amazon Linux 2023 v6.4.0 running Node.js 22' },
  optionSettings: [],
  optionsToRemove: [],
  tags: {},
  description: 'made by a run',
  cnamePrefix: undefined,
}

const variable = (name: string, value: string) => ({
  namespace: 'aws:elasticbeanstalk:application:environment',
  name,
  value,
})

/** What a call that must fail failed with. */
const thrownBy = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (thrown) => thrown,
  )

describe('environments', () => {
  it('are found by name and read by id, in our words', async () => {
    const world = awsWorld()
    const { blue, green } = await world.pair()
    const [found] = await world.run(world.beanstalk.find(['shop-blue', 'no-such']))
    expect(found).toEqual({
      id: blue.id,
      name: 'shop-blue',
      status: 'Ready',
      health: 'Ok',
      cname: 'shop.us-east-1.elasticbeanstalk.com',
      endpoint: blue.endpoint,
      version: 'v1',
      tier: 'WebServer',
      description: '',
      platform: expect.stringContaining('platform/Node.js'),
      created: expect.any(Number),
      updated: expect.any(Number),
    })
    const both = await world.run(world.beanstalk.read([blue.id, green.id]))
    expect(both.map(({ id }) => id).sort()).toEqual([blue.id, green.id].sort())
  })

  it('are never asked for without naming any: that would be all of them', async () => {
    const world = awsWorld()
    expect(await world.run(world.beanstalk.read([]))).toEqual([])
    expect(world.aws.calls).toHaveLength(0)
  })

  it('have CNAMEs in lower case, as names are compared', async () => {
    const world = awsWorld()
    const order = { application: 'shop', name: 'shop-blue', version: 'v1', cnamePrefix: 'Shop' }
    await world.run(world.aws.beanstalk.given.environment(order))
    const [found] = await world.run(world.beanstalk.find(['shop-blue']))
    expect(found?.cname).toBe('shop.us-east-1.elasticbeanstalk.com')
  })

  it('do not show the terminated one of the same name', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    await world.run(world.beanstalk.terminate(green.id))
    await world.seconds(1_800)
    expect(world.environment(green.id).status).toBe('Terminated')
    expect(await world.run(world.beanstalk.read([green.id]))).toEqual([])
    expect(world.calls('DescribeEnvironments').at(-1)?.input).toMatchObject({ IncludeDeleted: false })
    const again = await world.run(
      world.aws.beanstalk.given.environment({ application: 'shop', name: 'shop-green', version: 'v1' }),
    )
    const found = await world.run(world.beanstalk.find(['shop-green']))
    expect(found.map(({ id }) => id)).toEqual([again.id])
  })

  it('say that they are workers', async () => {
    const world = awsWorld()
    const { given } = world.aws.beanstalk
    await world.run(given.environment({ application: 'shop', name: 'mailer', version: 'v1', tier: 'worker' }))
    const [found] = await world.run(world.beanstalk.find(['mailer']))
    expect(found).toMatchObject({ tier: 'Worker', cname: undefined })
  })

  it.each([
    [{ HealthStatus: 'Ok', Health: 'Green' }, 'Ok'],
    [{ HealthStatus: 'Info', Health: 'Green' }, 'Ok'],
    [{ HealthStatus: 'Warning', Health: 'Yellow' }, 'Warning'],
    [{ HealthStatus: 'Degraded', Health: 'Red' }, 'Degraded'],
    [{ HealthStatus: 'Severe', Health: 'Red' }, 'Severe'],
    [{ HealthStatus: 'Pending', Health: 'Grey' }, 'unknown'],
    [{ HealthStatus: 'Unknown', Health: 'Grey' }, 'unknown'],
    [{ HealthStatus: 'NoData', Health: 'Grey' }, 'unknown'],
    [{ HealthStatus: 'No Data', Health: 'Grey' }, 'unknown'],
    [{ HealthStatus: 'Suspended', Health: 'Grey' }, 'unknown'],
    [{ Health: 'Green' }, 'Ok'],
    [{ Health: 'Yellow' }, 'Warning'],
    [{ Health: 'Red' }, 'Severe'],
    [{ Health: 'Grey' }, 'unknown'],
    [{}, 'unknown'],
  ])('are as healthy as Beanstalk says: %o is %s', (said, health) => {
    expect(healthOf(said as Parameters<typeof healthOf>[0])).toBe(health)
  })
})

describe('writes', () => {
  it('deploy the version and nothing else, and say by which request', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    const { requestId } = await world.run(world.beanstalk.deploy(green.id, 'v2'))
    expect(world.calls('UpdateEnvironment')[0]?.input).toEqual({
      EnvironmentId: green.id,
      VersionLabel: 'v2',
    })
    await world.seconds(300)
    const events = await world.run(world.beanstalk.events(green.id, 0))
    const own = events.filter((event) => event.requestId === requestId)
    expect(own[0]).toMatchObject({ says: 'started', message: 'Environment update is starting.' })
    expect(own.at(-1)).toMatchObject({ says: 'completed', severity: 'info' })
    expect(world.environment(green.id).version).toBe('v2')
  })

  it('create an environment with everything that was ordered', async () => {
    const world = awsWorld()
    const made = await world.run(
      world.beanstalk.create({
        ...order,
        base: { platform: await platform(world) },
        optionSettings: [variable('COLOUR', 'green'), { ...asg, name: 'MinSize', value: '2' }],
        tags: { team: 'shop' },
        cnamePrefix: 'shop',
      }),
    )
    await world.seconds(1_200)
    expect(world.environment(made.id)).toMatchObject({
      name: 'shop-green',
      version: 'v2',
      cname: 'shop.us-east-1.elasticbeanstalk.com',
      status: 'Ready',
    })
    expect(world.environment(made.id).group?.min).toBe(2)
    expect(world.environment(made.id).tags).toMatchObject({ team: 'shop' })
    expect(await world.run(world.beanstalk.options('shop-green'))).toContainEqual(variable('COLOUR', 'green'))
    const [found] = await world.run(world.beanstalk.read([made.id]))
    expect(found?.description).toBe('made by a run')
  })

  it('create an environment from a saved configuration of another, without its own CNAME and some options', async () => {
    const world = awsWorld()
    const { given } = world.aws.beanstalk
    const options = { 'aws:elasticbeanstalk:application:environment/COLOUR': 'blue' }
    const blue = await world.run(
      given.environment({
        application: 'shop',
        name: 'shop-blue',
        version: 'v1',
        cnamePrefix: 'shop',
        options,
      }),
    )
    await world.run(world.beanstalk.createTemplate('tmp', blue.id))
    const optionsToRemove = [{ namespace: variable('', '').namespace, name: 'COLOUR' }]
    const made = await world.run(
      world.beanstalk.create({ ...order, base: { template: 'tmp' }, optionsToRemove }),
    )
    await world.run(world.beanstalk.deleteTemplate('tmp'))
    expect(world.aws.beanstalk.state().templates).toEqual([])
    await world.seconds(1_200)
    expect(world.environment(made.id)).toMatchObject({ status: 'Ready', version: 'v2' })
    expect(world.environment(made.id).cname).not.toBe(blue.cname)
    const names = (await world.run(world.beanstalk.options('shop-green'))).map(({ name }) => name)
    expect(names).not.toContain('COLOUR')
    expect(names).toContain('MinSize')
  })

  it.each(['answer-lost', 'reset-before', 'server-error', 'unavailable', 'unanswered'] as const)(
    'are sent once, and nobody knows when they meet %s',
    async (fault) => {
      const world = awsWorld()
      const { green } = await world.pair()
      const writes: Record<string, () => Promise<unknown>> = {
        UpdateEnvironment: () => world.beanstalk.deploy(green.id, 'v2'),
        TerminateEnvironment: () => world.beanstalk.terminate(green.id),
        CreateEnvironment: () =>
          world.beanstalk.create({ ...order, name: 'third', base: { template: 'tmp' } }),
        CreateConfigurationTemplate: () => world.beanstalk.createTemplate('tmp', green.id),
      }
      for (const [operation, write] of Object.entries(writes)) {
        world.fault(fault, operation)
        await expect(world.run(write())).rejects.toThrow(AnswerLost)
        expect(world.calls(operation)).toHaveLength(1)
      }
    },
  )

  it('are sent again when they were throttled, since nothing happened, until patience ends', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    world.fault('throttled', 'UpdateEnvironment', { times: 3 })
    await world.run(world.beanstalk.deploy(green.id, 'v2'))
    expect(world.calls('UpdateEnvironment')).toHaveLength(4)
    world.fault('throttled', 'TerminateEnvironment', { times: 100 })
    const refused = await thrownBy(world.run(world.beanstalk.terminate(green.id)))
    expect(refused).toBeInstanceOf(Refused)
    expect(refused.message).toContain('nothing happened: Rate exceeded')
    expect(world.calls('TerminateEnvironment')).toHaveLength(8)
  })

  it('say in the words of Beanstalk why they were refused', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    await world.run(world.beanstalk.deploy(green.id, 'v2'))
    const refused = await thrownBy(world.run(world.beanstalk.deploy(green.id, 'v1')))
    expect(refused).toBeInstanceOf(Refused)
    expect(refused.message).toBe(
      `AWS refused to deploy v1 to ${green.id}: Environment named shop-green is in an invalid state for this operation. Must be Ready.`,
    )
  })

  it('delete a saved configuration that is not there without an error', async () => {
    const world = awsWorld()
    await world.run(world.beanstalk.deleteTemplate('no-such'))
    world.fault('denied', 'DeleteConfigurationTemplate')
    await expect(world.run(world.beanstalk.deleteTemplate('no-such'))).rejects.toThrow(Refused)
  })

  it('say what to do when the credentials have ended', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    world.fault('expired-credentials', 'UpdateEnvironment')
    const refused = await thrownBy(world.run(world.beanstalk.deploy(green.id, 'v2')))
    expect(refused).toBeInstanceOf(Refused)
    expect(refused.remedies[0]?.why).toContain('role-duration-seconds')
    expect(world.calls('UpdateEnvironment')).toHaveLength(1)
  })
})

describe('reads', () => {
  it.each(['throttled', 'reset-before', 'server-error', 'unavailable', 'unanswered', 'answer-lost'] as const)(
    'are repeated patiently through %s, and are unreachable when that goes on',
    async (fault) => {
      const world = awsWorld()
      await world.pair()
      world.fault(fault, 'DescribeEnvironments', { times: 7 })
      expect(await world.run(world.beanstalk.find(['shop-blue']))).toHaveLength(1)
      world.fault(fault, 'DescribeEnvironments', { times: 8 })
      await expect(world.run(world.beanstalk.find(['shop-blue']))).rejects.toThrow(Unreachable)
      expect(world.calls('DescribeEnvironments')).toHaveLength(8 + 8)
    },
  )

  it('come through the throttling of several deployments at once', async () => {
    const world = awsWorld({ throttling: true })
    const { pair } = await world.pair()
    const runs = [1, 2, 3, 4].map(async (seed) => {
      const clients = world.connect(seed)
      const beanstalk = createBeanstalk({ clients, application: 'shop' })
      for (let time = 0; time < 10; time++) expect(await beanstalk.read(pair.ids)).toHaveLength(2)
    })
    await world.run(Promise.all(runs))
    expect(world.aws.calls.some(({ error }) => error === 'Throttling')).toBe(true)
  })

  it.each(['denied', 'expired-credentials'] as const)('are not repeated when %s', async (fault) => {
    const world = awsWorld()
    world.fault(fault, 'DescribeEnvironments')
    await expect(world.run(world.beanstalk.find(['shop-blue']))).rejects.toThrow(Refused)
    expect(world.calls('DescribeEnvironments')).toHaveLength(1)
  })

  it('learn that the clock of the machine is wrong, and go on', async () => {
    for (const skewMs of [-3_600_000, 3_600_000]) {
      const world = awsWorld({ skewMs })
      await world.pair()
      expect(await world.run(world.beanstalk.find(['shop-blue']))).toHaveLength(1)
    }
  })
})

describe('events', () => {
  it('come oldest first, from a time of Beanstalk on, over as many pages as there are', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    expect(await world.run(world.beanstalk.newestEventAt(green.id))).toBe(0)
    await world.run(world.beanstalk.deploy(green.id, 'v2'))
    await world.seconds(300)
    const all = await world.run(world.beanstalk.events(green.id, 0))
    expect(all.length).toBeGreaterThan(3)
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort())
    const newest = await world.run(world.beanstalk.newestEventAt(green.id))
    expect(newest).toBe(all.at(-1)?.at)
    const later = all.filter(({ at }) => at >= newest)
    expect(await world.run(world.beanstalk.events(green.id, newest))).toEqual(later)
  })

  it('are those of the environment, not of a namesake', async () => {
    const world = awsWorld()
    const { blue, green } = await world.pair()
    await world.run(world.beanstalk.deploy(green.id, 'v2'))
    await world.seconds(300)
    const update = (await world.run(world.beanstalk.events(blue.id, 0))).filter(({ requestId }) => requestId)
    expect(update).toEqual([])
  })

  it('show an error as an error, and that the operation failed', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    world.aws.cloud.faults.order({ fault: 'deployment-fails', environment: 'shop-green' })
    const { requestId } = await world.run(world.beanstalk.deploy(green.id, 'v2'))
    await world.seconds(400)
    const events = await world.run(world.beanstalk.events(green.id, 0))
    const failed = events.filter((event) => event.says === 'failed')
    expect(failed[0]).toMatchObject({
      severity: 'error',
      message: 'Failed to deploy application.',
      requestId,
    })
  })

  it.each([
    ['createEnvironment is starting.', 'started'],
    ['Environment update is starting.', 'started'],
    ['terminateEnvironment is starting.', 'started'],
    ['swapEnvironmentCNAMEs is starting.', 'started'],
    ['Environment update completed successfully.', 'completed'],
    ['Environment tag update completed successfully.', 'completed'],
    ['Successfully launched environment: shop-green', 'completed'],
    ['terminateEnvironment completed successfully.', 'completed'],
    ["Completed swapping CNAMEs for environments 'a' and 'b'.", 'completed'],
    ['Failed to deploy application.', 'failed'],
    ['Failed to launch environment.', 'failed'],
    ['Failed to deploy configuration.', 'failed'],
    [
      'Launched environment: X. However, there were issues during launch. See event log for details.',
      'failed',
    ],
    ['Create environment operation is complete, but with errors. For more information, see …', 'failed'],
    ['Update environment operation is complete, but with errors. For more information, see …', 'failed'],
    ['Environment tag update failed.', 'failed'],
    ['requestEnvironmentInfo is starting.', 'looked'],
    ['[Instance: i-0123] Successfully finished tailing 6 log(s)', 'looked'],
    ['Pulled logs for environment instances.', 'looked'],
    ['Instance deployment completed successfully.', 'progress'],
    ['Successfully deployed new configuration to environment.', 'progress'],
    ['Deploying new version to instance(s).', 'progress'],
    ['Environment health has been set to GREEN', 'progress'],
    [
      'Environment health has transitioned from Pending to Ok. Initialization completed 26 seconds ago',
      'progress',
    ],
  ])('mean what their text says: %s', (message, says) => {
    expect(meaningOfEvent(message)).toBe(says)
  })
})

describe('configuration and health', () => {
  it('is the deployed configuration, also while a draft stands first', async () => {
    const world = awsWorld()
    const { green } = await world.pair()
    const draft = { ...asg, name: 'MaxSize', value: '9' }
    const size = async () =>
      (await world.beanstalk.options('shop-green')).find(
        ({ namespace, name }) => namespace === draft.namespace && name === draft.name,
      )?.value
    await world.run(
      world.clients.beanstalk.send(
        new UpdateEnvironmentCommand({
          EnvironmentId: green.id,
          OptionSettings: [{ Namespace: draft.namespace, OptionName: draft.name, Value: draft.value }],
        }),
      ),
    )
    await world.seconds(10)
    expect(await world.run(size())).toBe('4')
    await world.seconds(600)
    expect(await world.run(size())).toBe('9')
  })

  it('knows the version on every instance with enhanced health, and nothing with basic', async () => {
    const world = awsWorld()
    const { given } = world.aws.beanstalk
    const shared = { application: 'shop', version: 'v1', instances: 2 } as const
    const enhanced = await world.run(
      given.environment({ ...shared, name: 'one', healthReporting: 'enhanced' }),
    )
    const basic = await world.run(given.environment({ ...shared, name: 'two', healthReporting: 'basic' }))
    const versions = await world.run(world.beanstalk.versionsOnInstances(enhanced.id))
    expect(Object.values(versions ?? {})).toEqual(['v1', 'v1'])
    expect(await world.run(world.beanstalk.versionsOnInstances(basic.id))).toBeUndefined()
    expect(await world.run(world.beanstalk.causes(enhanced.id))).toEqual([])
    expect(await world.run(world.beanstalk.causes(basic.id))).toEqual([])
    expect(await world.run(world.beanstalk.requestRate(enhanced.id))).toEqual({ perSecond: 0 })
    expect(await world.run(world.beanstalk.requestRate(basic.id))).toBeUndefined()
    expect(await world.run(world.beanstalk.enhancedHealth(enhanced.id))).toEqual({
      perSecond: 0,
      instances: 2,
      serverErrorShare: 0,
      causes: [],
    })
    expect(await world.run(world.beanstalk.enhancedHealth(basic.id))).toBeUndefined()
    const [found] = await world.run(world.beanstalk.read([basic.id]))
    expect(found?.health).toBe('Ok')
  })

  it('has the whole name of a prefix from AWS', async () => {
    const world = awsWorld()
    expect(await world.run(world.beanstalk.cnameOf('Shop'))).toBe('shop.us-east-1.elasticbeanstalk.com')
  })
})

const asg = { namespace: 'aws:autoscaling:asg' }

async function platform({ clients, run }: ReturnType<typeof awsWorld>): Promise<string> {
  const { SolutionStacks = [] } = await run(
    clients.beanstalk.send(new ListAvailableSolutionStacksCommand({})),
  )
  return SolutionStacks[0] ?? ''
}
