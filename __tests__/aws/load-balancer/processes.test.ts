import { expect, it } from 'vitest'
import { weightsIn } from '../../../src/aws/load-balancer/forward.ts'
import { balancedWorld, forward } from './balanced-world.ts'

/** Processes beside the default one, on both environments of a shared load balancer. */
const processes = (ports: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [
      `aws:elasticbeanstalk:environment:process:${name}/Port`,
      port,
    ]),
  )

type World = Awaited<ReturnType<typeof balancedWorld>>

const groupOf = (world: World, id: string, process: string) =>
  world.groupsOf(id).find(({ name }) => name.startsWith(`awseb-${process}-`))?.arn ?? ''

async function attached(world: World) {
  const { router, blue, green } = world
  await world.run(router.attach({ live: blue.id, candidate: green.id }))
  return Object.keys(weightsIn(await world.actions()))
}

it('of the same port take each other’s place at a rule', async () => {
  const world = await balancedWorld({ groups: 'shared', options: processes({ admin: '8080' }) })
  const [blue, green] = [world.blue.id, world.green.id].map((id) => groupOf(world, id, 'admin'))
  await world.modify(world.shop, [forward({ [`${blue}`]: 1 })])
  expect(await attached(world)).toEqual([blue, green])
})

it('of one name take each other’s place where ports do not tell', async () => {
  const world = await balancedWorld({ groups: 'shared', options: processes({ admin: '80' }) })
  const [blue, green] = [world.blue.id, world.green.id].map((id) => groupOf(world, id, 'admin'))
  await world.modify(world.shop, [forward({ [`${blue}`]: 1 })])
  expect(await attached(world)).toEqual([blue, green])
})

it('that nothing tells apart are refused', async () => {
  const world = await balancedWorld({ groups: 'shared', options: processes({ admin: '80' }) })
  const other = await world.made('shop-other', {
    options: {
      'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
      'aws:elbv2:loadbalancer/SharedLoadBalancer': world.balancer,
      ...processes({ back: '80', front: '80' }),
    },
  })
  await world.modify(world.shop, [forward({ [groupOf(world, world.blue.id, 'admin')]: 1 })])
  const router = world.routerFor({ ids: [world.blue.id, other.id] })
  await expect(world.run(router.read())).rejects.toThrow(/Which target group of shop-other .* cannot be told/)
})

it('are found among more of them than one call tells the tags of', async () => {
  const many = Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`p${at}`, `${9_000 + at}`]))
  const world = await balancedWorld({ groups: 'shared', options: processes(many) })
  const before = world.calls('DescribeTags').length
  expect(await attached(world)).toEqual([world.blue.group, world.green.group])
  expect(world.calls('DescribeTags').length - before).toBe(1 + 2)
})
