import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2'
import { beanstalkWorld } from '../beanstalk-world.ts'

type Options = Parameters<typeof beanstalkWorld>[0]

/** Two environments of the application `shop`, v1 and v2, and the real SDK's client for load balancers, in virtual time. */
export async function balancingWorld(options: Options = {}) {
  const world = beanstalkWorld(options)
  const elb = new ElasticLoadBalancingV2(world.config)
  const made = async (name: string, version: string, more: object = {}) =>
    world.given.environment({ application: 'shop', name, version, instances: 2, ...more })
  return {
    ...world,
    elb,
    made,
    /** A target group of the user's, checked every ten seconds. */
    async targetGroup(Name: string, more: object = {}) {
      const { TargetGroups } = await world.run(
        elb.createTargetGroup({
          Name,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: 'vpc-0a1b2c3d4e5f60718',
          HealthCheckIntervalSeconds: 10,
          ...more,
        }),
      )
      return TargetGroups?.[0]?.TargetGroupArn ?? ''
    },
    /** Registers the instances of an environment with target groups, by its Auto Scaling group. */
    attach: (environment: string, ...TargetGroupARNs: readonly string[]) =>
      world.run(
        world.autoScaling.attachLoadBalancerTargetGroups({
          AutoScalingGroupName: world.environment(environment).group?.name ?? '',
          TargetGroupARNs: [...TargetGroupARNs],
        }),
      ),
    /** States and reasons of a group's targets. */
    async health(TargetGroupArn: string) {
      const { TargetHealthDescriptions = [] } = await world.run(elb.describeTargetHealth({ TargetGroupArn }))
      return TargetHealthDescriptions.map(({ TargetHealth: { State, Reason } = {} }) =>
        Reason === undefined ? State : `${State} ${Reason}`,
      )
    },
    /** Asks so many times by a load balancer's name; how often each version (or status) answered. */
    async ask(dnsName: string, { times = 1, host = 'shop.example.com', path = '/', ...more }: Asking = {}) {
      const address = world.simulator.names.resolve(dnsName).find(({ type }) => type === 'A')?.data ?? ''
      const seen: Record<string, number> = {}
      for (let one = 0; one < times; one++) {
        const { status, headers } = await world.dataPlane.request(address, {
          method: 'GET',
          host,
          path,
          ...more,
        })
        const who = headers['x-version'] ?? String(status)
        seen[who] = (seen[who] ?? 0) + 1
      }
      return seen
    },
  }
}

interface Asking {
  readonly times?: number
  readonly host?: string
  readonly path?: string
  readonly method?: string
  readonly tls?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** A forward action with weights in per cent. */
export const weighted = (weights: Readonly<Record<string, number>>, seconds?: number) => ({
  Type: 'forward' as const,
  ForwardConfig: {
    TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
    ...(seconds !== undefined && {
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: seconds },
    }),
  },
})
