import { buffer } from 'node:stream/consumers'
import { AutoScaling } from '@aws-sdk/client-auto-scaling'
import { ElasticBeanstalk } from '@aws-sdk/client-elastic-beanstalk'
import { type Action, ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2'
import { ZipFile } from 'yazl'
import { inProcess } from '../../simulator/in-process.ts'
import type { Users } from '../../simulator/users.ts'
import type { Inputs, Scenario } from '../helpers/scenario.ts'
import { property, secret } from './standing.ts'

/** The name that users know; it leads to the team's load balancer. */
export const shop = 'shop.example.com'

const admin = 'admin.example.com'

const login: Action = {
  Type: 'authenticate-oidc',
  Order: 1,
  AuthenticateOidcConfig: {
    Issuer: 'https://login.example.com',
    AuthorizationEndpoint: 'https://login.example.com/authorize',
    TokenEndpoint: 'https://login.example.com/token',
    UserInfoEndpoint: 'https://login.example.com/userinfo',
    ClientId: 'shop-admin',
    ClientSecret: 'of-the-login',
  },
}

/** As docs/traffic-in-steps.md has it. */
const snippet = `
Resources:
  AWSEBAutoScalingGroup:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      TargetGroupARNs:
        - Ref: AWSEBV2LoadBalancerTargetGroup
        - Fn::GetOptionSetting:
            Namespace: aws:elasticbeanstalk:customoption
            OptionName: TargetGroupArn
`

/** A source bundle with these files; packed, as real ones are. */
async function bundle(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return new Uint8Array(await buffer(zip.outputStream))
}

/** How a team has its load balancer. */
export interface Behind {
  /** Whose target groups the rules name; the team's own when left out. */
  readonly groups?: 'own' | 'shared'
  /** The admin pages are on port 443, and their rule asks for a login first. */
  readonly login?: true
  /** Clients stay at a target group for so long, in s. */
  readonly stickyFor?: number
  /** Users keep cookies, as browsers do. */
  readonly keepCookies?: boolean
  /** The bundle of 1.1.0 attaches target groups by an option, and green does not exist yet. */
  readonly byBundle?: true
}

/** A pair behind a load balancer, 1.0.0 live on blue, 1.1.0 ready to be deployed, and users who ask all the time. */
export interface Balanced {
  readonly blue: string
  readonly green: string
  readonly groups: { readonly blue: string; readonly green: string }
  readonly rules: readonly string[]
  readonly users: Users
  readonly inputs: Inputs
  readonly elb: ElasticLoadBalancingV2
  /** Weights of a rule by environment name. */
  weights(rule?: string): Promise<Readonly<Record<string, number | undefined>>>
  /** The ARN of a target group that nobody is registered in. */
  otherGroup(): Promise<string>
  /** Somebody gives green so many per cent by hand. */
  edit(green: number, rule?: string): Promise<void>
}

/** Two rules, one for the shop and one for its admin pages, lead to blue. */
export async function behindBalancer(story: Scenario, order: Behind = {}): Promise<Balanced> {
  const { given } = story.aws.beanstalk
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: inProcess(story.aws, { timeoutMs: 30_000 }),
    maxAttempts: 1,
  }
  const elb = new ElasticLoadBalancingV2(config)
  const autoScaling = new AutoScaling(config)
  const { run } = story.clock
  const balancer = await given.loadBalancer('front-end')
  given.application('shop')
  for (const version of order.byBundle ? ['1.0.0'] : ['1.0.0', '1.1.0']) given.version('shop', version)
  const shared = {
    'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
    'aws:elbv2:loadbalancer/SharedLoadBalancer': balancer.arn,
  }
  const member = (name: string, instances: number) =>
    given.environment({
      application: 'shop',
      name,
      version: '1.0.0',
      instances,
      minSize: 1,
      maxSize: 4,
      options: {
        [property('DB_PASSWORD')]: secret,
        ...(order.groups === 'shared' && shared),
      },
    })
  const pair = {
    blue: await member('shop-blue', 2),
    green: order.byBundle ? undefined : await member('shop-green', 1),
  }
  const targetGroup = async (Name: string) => {
    const { TargetGroups } = await run(
      elb.createTargetGroup({ Name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-0a1b2c3d4e5f60718' }),
    )
    return TargetGroups?.[0]?.TargetGroupArn ?? ''
  }
  const own = async (name: 'blue' | 'green') => {
    const arn = await targetGroup(name)
    if (!pair[name]) return arn
    const group = story.aws.beanstalk.state().environments.find(({ id }) => id === pair[name]?.id)?.group
    await run(
      autoScaling.attachLoadBalancerTargetGroups({
        AutoScalingGroupName: group?.name,
        TargetGroupARNs: [arn],
      }),
    )
    return arn
  }
  const made = (name: 'blue' | 'green') =>
    story.aws.beanstalk.balancers().targetGroups.find(({ environment }) => environment === pair[name]?.id)
      ?.arn ?? ''
  const groups =
    order.groups === 'shared'
      ? { blue: made('blue'), green: made('green') }
      : { blue: await own('blue'), green: await own('green') }
  const forward = (weights: Readonly<Record<string, number>>): Action => ({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      ...(order.stickyFor !== undefined && {
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: order.stickyFor },
      }),
    },
  })
  if (order.byBundle) {
    given.version('shop', '1.1.0', await bundle({ '.ebextensions/target-group.config': snippet }))
    const beanstalk = new ElasticBeanstalk(config)
    const OptionSettings = [
      { Namespace: 'aws:elasticbeanstalk:customoption', OptionName: 'TargetGroupArn', Value: groups.blue },
    ]
    await run(beanstalk.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings }))
    await story.clock.runUntil(story.clock.now() + 5 * 60_000)
  }
  const toBlue = forward({ [groups.blue]: 1 })
  const rule = async (host: string, Actions: Action[], ListenerArn: string) => {
    const Conditions = [{ Field: 'host-header', Values: [host] }]
    const Priority = host === shop ? 10 : 11
    const { Rules } = await run(elb.createRule({ ListenerArn, Priority, Conditions, Actions }))
    return Rules?.[0]?.RuleArn ?? ''
  }
  const secureListener = async () => {
    const { arn: CertificateArn } = story.aws.certificates.add({ names: [admin] })
    const { Listeners } = await run(
      elb.createListener({
        LoadBalancerArn: balancer.arn,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn }],
        DefaultActions: [toBlue],
      }),
    )
    return Listeners?.[0]?.ListenerArn ?? ''
  }
  const rules = [
    await rule(shop, [toBlue], balancer.listener),
    order.login
      ? await rule(admin, [login, { ...toBlue, Order: 2 }], await secureListener())
      : await rule(admin, [toBlue], balancer.listener),
  ]
  story.aws.zone.point({ name: shop, to: balancer.dnsName, type: 'CNAME' })
  await story.clock.runUntil(story.clock.now() + 60_000)
  const [first = ''] = rules
  return {
    blue: pair.blue.id,
    green: pair.green?.id ?? '',
    groups,
    rules,
    users: story.users(shop, { everyMs: 3_000, ...(order.keepCookies && { keepCookies: true }) }),
    elb,
    inputs: {
      version: '1.1.0',
      'production-cname': '',
      traffic: 'load-balancer',
      'listener-rules': rules.join(','),
      'production-url': `http://${shop}/health`,
      'traffic-steps': '10,50,100',
      'step-interval': '1m',
      'bake-time': '1m',
      ...(order.groups !== 'shared' && {
        'blue-target-group': groups.blue,
        'green-target-group': groups.green,
      }),
    },
    otherGroup: () => targetGroup('other'),
    async weights(arn = first) {
      const { Rules } = await run(elb.describeRules({ RuleArns: [arn] }))
      const { ForwardConfig } = Rules?.[0]?.Actions?.find(({ Type }) => Type === 'forward') ?? {}
      return Object.fromEntries(
        (ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => [
          TargetGroupArn === groups.blue ? 'shop-blue' : TargetGroupArn === groups.green ? 'shop-green' : '?',
          Weight,
        ]),
      )
    },
    async edit(green, arn = first) {
      const Actions = [forward({ [groups.blue]: 100 - green, [groups.green]: green })]
      await elb.modifyRule({ RuleArn: arn, Actions })
    },
  }
}
