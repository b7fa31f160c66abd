import { setTimeout } from 'node:timers/promises'
import { AutoScaling } from '@aws-sdk/client-auto-scaling'
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { LocalAws } from '../../simulator/local-aws.ts'
import { bundleOf } from '../shop/bundle.ts'

/** What stands before an act begins: 1.0.0 is live on shop-blue, under the name that users know. */
export interface Opening {
  /** The name that users know. */
  readonly address: string
  /** What the action has to be told of how traffic reaches the environments. */
  readonly inputs: Readonly<Record<string, string>>
  /** How many users there are, and how often each of them asks, in ms of simulated time. */
  readonly users: { readonly count: number; readonly everyMs: number }
}

/** How the production name leads to an environment. */
export type OpeningName = 'cname-swap' | 'route53' | 'load-balancer'

/** Sets up the application, the environments, and what leads to them. */
export const openings: Readonly<Record<OpeningName, (aws: LocalAws) => Promise<Opening>>> = {
  'cname-swap': async (aws) => {
    const { cname } = await shop(aws, 'shop-blue', { cnamePrefix: 'shop' })
    return { address: cname, inputs: { 'production-cname': 'shop' }, users: { count: 10, everyMs: 5_000 } }
  },
  /** A simple record, as a team has it that has never moved traffic by weights. */
  route53: async (aws) => {
    const { endpoint } = await shop(aws, 'shop-blue')
    const record = { Name: 'www.example.com', Type: 'CNAME' as const, TTL: 60 }
    const zone = aws.simulator.route53.given.zone({
      name: 'example.com',
      records: [{ ...record, ResourceRecords: [{ Value: endpoint }] }],
    })
    return {
      address: 'www.example.com',
      inputs: { traffic: 'route53', 'hosted-zone-id': zone, 'record-name': 'www.example.com' },
      // Each keeps its DNS answer for a minute: many who ask rarely are a better sample than few who ask often.
      users: { count: 60, everyMs: 20_000 },
    }
  },
  /** A load balancer of the team's own before both environments, with a target group for each. */
  'load-balancer': async (aws) => {
    await shop(aws, 'shop-blue')
    // With Beanstalk's sample application: nothing was ever deployed to it.
    await shop(aws, 'shop-green', { version: undefined })
    const front = await aws.simulator.beanstalk.given.loadBalancer('front-end')
    const client = {
      endpoint: aws.url,
      region: aws.simulator.cloud.region,
      credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
    }
    const balancers = new ElasticLoadBalancingV2(client)
    const groups = new AutoScaling(client)
    const made = await Promise.all(
      ['blue', 'green'].map(async (color) => {
        const { TargetGroups } = await balancers.createTargetGroup({
          Name: `shop-${color}`,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: 'vpc-0a1b2c3d4e5f60718',
          HealthCheckPath: '/health',
          HealthCheckIntervalSeconds: 10,
        })
        const arn = TargetGroups?.[0]?.TargetGroupArn ?? ''
        const environment = aws.simulator.beanstalk
          .state()
          .environments.find(({ name }) => name === `shop-${color}`)
        await groups.attachLoadBalancerTargetGroups({
          AutoScalingGroupName: environment?.group?.name ?? '',
          TargetGroupARNs: [arn],
        })
        return arn
      }),
    )
    const [blue = '', green = ''] = made
    const { Rules } = await balancers.createRule({
      ListenerArn: front.listener,
      Priority: 1,
      Conditions: [{ Field: 'host-header', Values: ['www.example.com'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: blue }],
    })
    await untilHealthy(balancers, blue)
    aws.simulator.zone.point({ name: 'www.example.com', to: front.dnsName, type: 'CNAME' })
    return {
      address: 'www.example.com',
      inputs: {
        traffic: 'load-balancer',
        'listener-rules': Rules?.[0]?.RuleArn ?? '',
        'blue-target-group': blue,
        'green-target-group': green,
        'production-url': 'http://www.example.com',
      },
      users: { count: 10, everyMs: 5_000 },
    }
  },
}

async function shop(
  { simulator }: LocalAws,
  name: string,
  more: { readonly cnamePrefix?: string; readonly version?: undefined } = {},
) {
  const { given } = simulator.beanstalk
  const version = 'version' in more ? {} : { version: '1.0.0' }
  given.application('shop')
  if (version.version !== undefined) given.version('shop', version.version, await bundleOf('1.0.0'))
  const prefix = more.cnamePrefix === undefined ? {} : { cnamePrefix: more.cnamePrefix }
  return given.environment({
    application: 'shop',
    name,
    ...version,
    minSize: 1,
    maxSize: 4,
    instances: 2,
    ...prefix,
  })
}

/** A target group that a rule has just named gets no requests until its targets have been checked. */
async function untilHealthy(balancers: ElasticLoadBalancingV2, TargetGroupArn: string): Promise<void> {
  while (true) {
    const { TargetHealthDescriptions = [] } = await balancers.describeTargetHealth({ TargetGroupArn })
    if (TargetHealthDescriptions.some(({ TargetHealth }) => TargetHealth?.State === 'healthy')) return
    await setTimeout(50)
  }
}
