import { AutoScaling } from '@aws-sdk/client-auto-scaling'
import { type Action, ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { BeanstalkState, EnvironmentState } from '../../simulator/beanstalk/state.ts'
import type { VirtualClock } from '../../simulator/clock.ts'
import { inProcess } from '../../simulator/in-process.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { type Colour, nameOf } from './history.ts'
import { gets, perCent, type Routing, type Shares, type Standing, type Traffic, www } from './routing.ts'
import { existing } from './truth.ts'

/** A load balancer of the team's, before there are environments. */
export interface FrontEnd {
  readonly arn: string
  readonly listener: string
  readonly dnsName: string
}

interface Surroundings {
  readonly aws: Simulator
  readonly clock: VirtualClock
  readonly frontEnd: FrontEnd
}

/** Production is a name that leads to a load balancer of the team's, and goes where its rules send it. */
export async function byRules(
  { aws, clock, frontEnd }: Surroundings,
  routing: Extract<Routing, { by: 'load-balancer' }>,
  { live = 'blue', ids }: Standing,
): Promise<Traffic> {
  const config = {
    region: aws.cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: inProcess(aws, { timeoutMs: 30_000 }),
    maxAttempts: 1,
  }
  const elb = new ElasticLoadBalancingV2(config)
  const autoScaling = new AutoScaling(config)
  const isOwn = routing.groups === 'own'
  const own: Partial<Record<Colour, string>> = {}
  const attached = new Set<string>()
  if (isOwn) for (const colour of ['blue', 'green'] as const) own[colour] = await targetGroup(colour)
  await clock.run(tendNow(aws.beanstalk.state()))
  const groupOf = (id: string | undefined): string => {
    const made = aws.beanstalk.balancers().targetGroups.find(({ environment }) => environment === id)
    const colour = (Object.keys(own) as Colour[]).find((one) => ids[one] === id)
    return (colour ? own[colour] : made?.arn) ?? ''
  }
  const rules: string[] = []
  for (const [index, host] of [www, 'admin.example.com'].slice(0, routing.rules).entries()) {
    const { Rules } = await clock.run(
      elb.createRule({
        ListenerArn: frontEnd.listener,
        Priority: 10 + index,
        Conditions: [{ Field: 'host-header', Values: [host] }],
        Actions: [forward([[groupOf(ids[live]), 1]])],
      }),
    )
    rules.push(Rules?.[0]?.RuleArn ?? '')
  }
  aws.zone.point({ name: www, to: frontEnd.dnsName, type: 'CNAME' })

  const actionsNow = () => {
    const all = aws.beanstalk
      .balancers()
      .loadBalancers.flatMap(({ listeners }) => listeners.flatMap((listener) => listener.rules))
    return rules.map((arn) => all.find((rule) => rule.arn === arn)?.actions ?? [])
  }
  const shares: Traffic['shares'] = (state) => {
    const each = actionsNow().map((actions) => sharesOf(actions, state))
    const all = [...new Set(each.flatMap((one) => Object.keys(one)))]
    return Object.fromEntries(
      all.map((id) => [id, each.reduce((sum, one) => sum + (one[id] ?? 0), 0) / each.length]),
    )
  }

  return {
    by: 'load-balancer',
    address: www,
    shares,
    led: (state) => {
      const now = shares(state)
      return Object.keys(now).filter((id) => gets(now, id))
    },
    followMs: 8_000,
    inputs({ 'production-cname': _, ...inputs }) {
      const groupFor = (name = '') => own[name === nameOf.blue ? 'blue' : 'green'] ?? ''
      return {
        ...inputs,
        traffic: 'load-balancer',
        'listener-rules': rules.join(','),
        'production-url': `http://${www}/health`,
        ...(isOwn && {
          'blue-target-group': groupFor(inputs['blue-environment']),
          'green-target-group': groupFor(inputs['green-environment']),
        }),
      }
    },
    exact: actionsNow,
    move({ operation, input }, { state, exact }) {
      if (operation !== 'ModifyRule') return undefined
      const { RuleArn = '', Actions = [] } = input as { RuleArn?: string; Actions?: readonly Action[] }
      const before = (exact as ReturnType<typeof actionsNow>)[rules.indexOf(RuleArn)]
      if (!before) return undefined
      return { before: sharesOf(before, state), after: sharesOf(Actions, state) }
    },
    isFoundHealthy(id) {
      const arn = groupOfNow(id)
      const group = aws.beanstalk.balancers().targetGroups.find((one) => one.arn === arn)
      return (
        aws.cloud.switches.weightZero === 'unused' ||
        group?.targets.some(({ state }) => state === 'healthy') === true
      )
    },
    left: (state) =>
      actionsNow().flatMap((actions) =>
        weightsIn(actions).flatMap(([arn]) =>
          ownerOf(arn, state) === undefined ? `a rule names ${arn}, which is nobody's` : [],
        ),
      ),
    async meddle(meddled, pair) {
      const [rule = ''] = rules
      switch (meddled.how) {
        case 'weights': {
          const weights = [[groupOfNow(pair.live), 100 - meddled.other] as const]
          if (pair.other !== undefined) weights.push([groupOfNow(pair.other), meddled.other])
          if (weights.some(([arn]) => arn === '')) return
          await elb.modifyRule({ RuleArn: rule, Actions: [forward(weights)] })
          return
        }
        case 'deleted':
          await elb.deleteRule({ RuleArn: rules.at(-1) })
          return
        case 'targets taken away': {
          const name = environmentBy(pair.other)?.group?.name
          const group = pair.other === undefined ? '' : groupOfNow(pair.other)
          if (isOwn && name && group)
            await autoScaling.detachLoadBalancerTargetGroups({
              AutoScalingGroupName: name,
              TargetGroupARNs: [group],
            })
          return
        }
        case 'a stranger':
        case 'zone busy':
          return
      }
    },
    tend: (state) => void tendNow(state).catch(() => {}),
  }

  function forward(weights: readonly (readonly [string, number])[]): Action {
    const { stickyFor } = routing
    return {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
        ...(stickyFor !== undefined && {
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickyFor },
        }),
      },
    }
  }

  function environmentBy(id: string | undefined): EnvironmentState | undefined {
    return aws.beanstalk.state().environments.find((one) => one.id === id)
  }

  function groupOfNow(id: string): string {
    if (!isOwn)
      return aws.beanstalk.balancers().targetGroups.find(({ environment }) => environment === id)?.arn ?? ''
    return own[environmentBy(id)?.name === nameOf.blue ? 'blue' : 'green'] ?? ''
  }

  async function targetGroup(Name: string): Promise<string> {
    const made = elb.createTargetGroup({
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-0a1b2c3d4e5f60718',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
    })
    return (await clock.run(made)).TargetGroups?.[0]?.TargetGroupArn ?? ''
  }

  /** As `.ebextensions` in the team's bundle attach its target group to whatever environment is made. */
  async function tendNow(state: BeanstalkState): Promise<void> {
    if (!isOwn) return
    for (const { name, group, status } of existing(state)) {
      const colour = name === nameOf.blue ? 'blue' : name === nameOf.green ? 'green' : undefined
      if (!colour || !group || attached.has(group.name) || status === 'Terminating') continue
      attached.add(group.name)
      const order = { AutoScalingGroupName: group.name, TargetGroupARNs: [own[colour] ?? ''] }
      try {
        await autoScaling.attachLoadBalancerTargetGroups(order)
      } catch {
        attached.delete(group.name)
      }
    }
  }

  function ownerOf(arn: string, state: BeanstalkState): string | undefined {
    const colour = (Object.keys(own) as Colour[]).find((one) => own[one] === arn)
    const made = aws.beanstalk.balancers().targetGroups.find((one) => one.arn === arn)?.environment
    return existing(state).find(({ id, name }) => (colour ? name === nameOf[colour] : id === made))?.id
  }

  function sharesOf(actions: Actions, state: BeanstalkState): Shares {
    return perCent(weightsIn(actions).map(([arn, weight]) => [ownerOf(arn, state) ?? arn, weight]))
  }
}

/** As calls carry them, and as load balancers keep them. */
type Actions = readonly {
  readonly Type?: string | undefined
  readonly TargetGroupArn?: string | undefined
  readonly ForwardConfig?:
    | {
        readonly TargetGroups?:
          | readonly { readonly TargetGroupArn?: string | undefined; readonly Weight?: number | undefined }[]
          | undefined
      }
    | undefined
}[]

function weightsIn(actions: Actions): readonly (readonly [string, number])[] {
  const { TargetGroupArn, ForwardConfig } = actions.find(({ Type }) => Type === 'forward') ?? {}
  const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn, Weight: 1 }] : [])
  return groups.map(({ TargetGroupArn: arn = '', Weight = 1 }) => [arn, Weight])
}
