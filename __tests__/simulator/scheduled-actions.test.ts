import { describe, expect, it } from 'vitest'
import { nextOf, readRecurrence } from '../../simulator/auto-scaling/recurrence.ts'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const namespace = 'aws:autoscaling:scheduledaction'

async function withBlue(options: Readonly<Record<string, string>> = {}) {
  const world = beanstalkWorld()
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize: 1,
    maxSize: 4,
    options,
  })
  const group = () => world.environment('shop-blue').group
  const at = (time: string) => world.clock.runUntil(Date.parse(`2026-01-05T${time}Z`))
  const put = (order: object) =>
    world.autoScaling.putScheduledUpdateGroupAction({
      AutoScalingGroupName: group()?.name,
      ScheduledActionName: 'lunch',
      ...order,
    })
  const actions = async () =>
    (await world.run(world.autoScaling.describeScheduledActions({ AutoScalingGroupName: group()?.name })))
      .ScheduledUpdateGroupActions ?? []
  return { ...world, blue, group, at, put, actions }
}

describe('a scheduled action', () => {
  it('of the configuration changes the group at its time, and is over then', async () => {
    const world = await withBlue({
      [`Noon.${namespace}/MinSize`]: '3',
      [`Noon.${namespace}/MaxSize`]: '6',
      [`Noon.${namespace}/StartTime`]: '2026-01-05T12:00:00Z',
    })
    expect(await world.actions()).toMatchObject([
      { ScheduledActionName: `awseb-${world.blue.id}-stack-Noon`, MinSize: 3, MaxSize: 6 },
    ])
    await world.at('11:59:59')
    expect(world.group()).toMatchObject({ min: 1, max: 4 })
    await world.at('12:04:00')
    expect(world.group()).toMatchObject({ min: 3, max: 6, desired: 3, inService: 3 })
    expect(world.environment('shop-blue').status).toBe('Ready')
    expect(await world.actions()).toEqual([])
  })

  it('comes back as its cron expression says, until its end', async () => {
    const world = await withBlue()
    await world.run(
      world.put({
        Recurrence: '30 10-12 * * 1',
        EndTime: new Date('2026-01-05T11:45:00Z'),
        DesiredCapacity: 3,
      }),
    )
    await world.at('10:30:00')
    expect(world.group()?.desired).toBe(3)
    world.byHand.setGroup(world.blue.id, { desired: 1 })
    await world.at('11:30:00')
    expect(world.group()?.desired).toBe(3)
    world.byHand.setGroup(world.blue.id, { desired: 1 })
    await world.at('12:35:00')
    expect(world.group()?.desired).toBe(1)
  })

  it('is changed and taken away with the configuration, and by the call', async () => {
    const world = await withBlue()
    const { eb, run } = world
    const set = (OptionName: string, Value: string) => ({
      ResourceName: 'Night',
      Namespace: namespace,
      OptionName,
      Value,
    })
    await run(world.put({ StartTime: new Date('2026-01-05T20:00:00Z'), MinSize: 2 }))
    await run(
      eb.updateEnvironment({
        EnvironmentId: world.blue.id,
        OptionSettings: [set('MaxSize', '2'), set('Recurrence', '0 22 * * *')],
      }),
    )
    await world.until('shop-blue', 'Ready')
    expect((await world.actions()).map(({ ScheduledActionName }) => ScheduledActionName)).toEqual([
      'lunch',
      `awseb-${world.blue.id}-stack-Night`,
    ])
    const { ConfigurationSettings = [] } = await run(
      eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }),
    )
    expect(ConfigurationSettings[0]?.OptionSettings).toContainEqual(set('MaxSize', '2'))
    await run(
      eb.updateEnvironment({ EnvironmentId: world.blue.id, OptionSettings: [set('Suspend', 'true')] }),
    )
    await world.until('shop-blue', 'Ready')
    expect(await world.actions()).toMatchObject([{ ScheduledActionName: 'lunch' }])
    await run(
      world.autoScaling.deleteScheduledAction({
        AutoScalingGroupName: world.group()?.name,
        ScheduledActionName: 'lunch',
      }),
    )
    await world.at('23:00:00')
    expect(world.group()).toMatchObject({ min: 1, max: 4 })
  })

  it('goes along with a clone', async () => {
    const world = await withBlue({
      [`Noon.${namespace}/MinSize`]: '3',
      [`Noon.${namespace}/Recurrence`]: '0 12 * * *',
    })
    const { eb, run } = world
    const template = { ApplicationName: 'shop', TemplateName: 'copy' }
    await run(eb.createConfigurationTemplate({ ...template, EnvironmentId: world.blue.id }))
    await run(eb.createEnvironment({ ...template, EnvironmentName: 'shop-green', VersionLabel: 'v1' }))
    await world.until('shop-green', 'Ready')
    await world.at('12:00:01')
    expect(world.environment('shop-green').group?.min).toBe(3)
  })

  it('with bounds that contradict each other by then changes nothing', async () => {
    const world = await withBlue()
    await world.run(world.put({ StartTime: new Date('2026-01-05T10:00:00Z'), MinSize: 9 }))
    await world.at('10:01:00')
    expect(world.group()).toMatchObject({ min: 1, max: 4 })
  })

  it.each([
    [{}, 'At least one of'],
    [{ MinSize: 1 }, 'Either StartTime or Recurrence'],
    [{ MinSize: 1, StartTime: new Date('2026-01-05T08:00:00Z') }, 'in the past'],
    [{ MinSize: 1, Recurrence: '61 * * * *' }, 'recurrence string: 61 * * * * is invalid'],
    [{ MinSize: 1, Recurrence: '* * *' }, 'is invalid'],
    [{ MinSize: 1, Recurrence: '0 0 * * *', TimeZone: 'Mars/Base' }, 'is invalid'],
    [{ MinSize: 1, Recurrence: '0 0 * * *', EndTime: new Date('2026-01-05T08:00:00Z') }, 'end time'],
  ])('is refused: %j', async (order, why) => {
    const world = await withBlue()
    expect(await world.run(refusal(world.put(order)))).toContain(why)
  })
})

describe('a cron expression', () => {
  const next = (text: string, from: string, zone?: string) => {
    const recurrence = readRecurrence(text, zone)
    const at = recurrence && nextOf(recurrence, Date.parse(from))
    return at === undefined ? undefined : new Date(at).toISOString()
  }

  it.each([
    ['*/20 * * * *', '2026-01-05T09:05:00Z', '2026-01-05T09:20:00.000Z'],
    ['0 9 * * *', '2026-01-05T09:00:00Z', '2026-01-06T09:00:00.000Z'],
    ['30 6 * * 2', '2026-01-05T09:00:00Z', '2026-01-06T06:30:00.000Z'],
    ['0 0 1 1,6,12 *', '2026-01-05T09:00:00Z', '2026-06-01T00:00:00.000Z'],
    ['0 12 13 * 5', '2026-01-05T09:00:00Z', '2026-01-09T12:00:00.000Z'],
    ['0 8 * * 7', '2026-01-05T09:00:00Z', '2026-01-11T08:00:00.000Z'],
    ['0 0 30 2 *', '2026-01-05T09:00:00Z', undefined],
  ])('%s after %s is %s', (text, from, then) => {
    expect(next(text, from)).toBe(then)
  })

  it('may be of a time zone, over the change of its clocks', () => {
    expect(next('0 9 * * *', '2026-03-27T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-28T08:00:00.000Z')
    expect(next('0 9 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z')
  })
})
