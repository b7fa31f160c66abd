import { AttachLoadBalancerTargetGroupsCommand } from '@aws-sdk/client-auto-scaling'
import {
  type Action,
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { loadBalancerWeights } from '../../../src/aws/load-balancer/router.ts'
import { awsWorld, portClock } from '../world.ts'

/** A forward action with weights, as tests write it. */
export const forward = (weights: Readonly<Record<string, number>>, more: object = {}): Action => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
    ...more,
  },
})

type Options = NonNullable<Parameters<typeof awsWorld>[0]> & {
  /** Whose target groups; the team's own when left out. */
  readonly groups?: 'own' | 'shared'
  /** Of both environments, by `namespace/option`. */
  readonly options?: Readonly<Record<string, string>>
}

/** A pair behind one load balancer of the team's, on which a rule for the shop's domain sends all requests to blue. */
export async function balancedWorld({ groups = 'own', options = {}, ...more }: Options = {}) {
  const world = awsWorld(more)
  const { clock, clients, run } = world
  const elb = clients.loadBalancing
  const balancer = await world.aws.beanstalk.given.loadBalancer('front-end')
  const shared = {
    'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
    'aws:elbv2:loadbalancer/SharedLoadBalancer': balancer.arn,
  }
  const made = (name: string, other: object = {}) =>
    world.aws.beanstalk.given.environment({
      application: 'shop',
      name,
      version: 'v1',
      instances: 2,
      options: groups === 'shared' ? { ...shared, ...options } : options,
      ...other,
    })
  const blue = await made('shop-blue', { cnamePrefix: 'shop' })
  const green = await made('shop-green')
  const targetGroup = async (Name: string) => {
    const order = { Name, Protocol: 'HTTP' as const, Port: 80, VpcId: 'vpc-0a1b2c3d4e5f60718' }
    const { TargetGroups } = await run(
      elb.send(new CreateTargetGroupCommand({ ...order, HealthCheckIntervalSeconds: 10 })),
    )
    return TargetGroups?.[0]?.TargetGroupArn ?? ''
  }
  const attachTo = (id: string, ...TargetGroupARNs: string[]) =>
    run(
      clients.autoScaling.send(
        new AttachLoadBalancerTargetGroupsCommand({
          AutoScalingGroupName: world.environment(id).group?.name,
          TargetGroupARNs,
        }),
      ),
    )
  const groupsOf = (id: string) =>
    world.aws.beanstalk.balancers().targetGroups.filter(({ environment }) => environment === id)
  const arns =
    groups === 'shared'
      ? { blue: groupsOf(blue.id)[0]?.arn ?? '', green: groupsOf(green.id)[0]?.arn ?? '' }
      : { blue: await targetGroup('blue'), green: await targetGroup('green') }
  if (groups === 'own') {
    await attachTo(blue.id, arns.blue)
    await attachTo(green.id, arns.green)
  }
  const rule = async (Values: string[], Actions: Action[], Priority = 100, on = balancer.listener) => {
    const { Rules } = await run(
      elb.send(
        new CreateRuleCommand({
          ListenerArn: on,
          Priority,
          Conditions: [{ Field: 'host-header', Values }],
          Actions,
        }),
      ),
    )
    return Rules?.[0]?.RuleArn ?? ''
  }
  const shop = await rule(['shop.example.com'], [forward({ [arns.blue]: 1 })])
  await world.seconds(30)
  const routerFor = (
    order: {
      readonly rules?: readonly string[]
      readonly ids?: readonly string[]
      readonly targetGroups?: Readonly<Record<string, string>>
    } = {},
  ) =>
    loadBalancerWeights({
      clients,
      beanstalk: world.beanstalk,
      clock: portClock(clock),
      pair: { ids: order.ids ?? [blue.id, green.id], productionName: 'shop.example.com' },
      rules: order.rules ?? [shop],
      targetGroups:
        order.targetGroups ??
        (groups === 'own' ? { 'shop-blue': arns.blue, 'shop-green': arns.green } : undefined),
    })
  return {
    ...world,
    blue: { ...blue, group: arns.blue },
    green: { ...green, group: arns.green },
    listener: balancer.listener,
    balancer: balancer.arn,
    dnsName: balancer.dnsName,
    shop,
    rule,
    made,
    targetGroup,
    attachTo,
    groupsOf,
    routerFor,
    router: routerFor(),
    /** A listener on port 443 that sends everything to blue. */
    async secureListener() {
      const { arn: CertificateArn } = world.aws.certificates.add({ names: ['shop.example.com'] })
      const order = { LoadBalancerArn: balancer.arn, Port: 443, Protocol: 'HTTPS' as const }
      const { Listeners } = await run(
        elb.send(
          new CreateListenerCommand({
            ...order,
            Certificates: [{ CertificateArn }],
            DefaultActions: [forward({ [arns.blue]: 1 })],
          }),
        ),
      )
      return Listeners?.[0]?.ListenerArn ?? ''
    },
    /** What the rule does now. */
    async actions(arn = shop): Promise<readonly Action[]> {
      const { Rules } = await run(elb.send(new DescribeRulesCommand({ RuleArns: [arn] })))
      return Rules?.[0]?.Actions ?? []
    },
    /** Somebody else changes a rule. */
    modify: (arn: string, Actions: Action[]) =>
      run(elb.send(new ModifyRuleCommand({ RuleArn: arn, Actions }))),
    tag: (arn: string, tags: Readonly<Record<string, string>>) =>
      run(
        elb.send(
          new AddTagsCommand({
            ResourceArns: [arn],
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
      ),
  }
}

export type BalancedWorld = Awaited<ReturnType<typeof balancedWorld>>
