import { expect } from 'vitest'
import type { UserRequest } from '../../simulator/users.ts'
import { behindBalancer } from './behind-balancer.ts'
import { type Case, tellCases } from './case.ts'
import { during, stage } from './moments.ts'

const held = (percent: number) => `${percent} % on shop-green held`

/** Per cent of what users asked that the new version answered. */
const shareOf = (requests: readonly UserRequest[]): number =>
  (requests.filter(({ version }) => version === '1.1.0').length * 100) / requests.length

/** Straight on: the steps are no part of the story. */
const atOnce = { 'traffic-steps': '100' }

tellCases('load-balancer.md', 'While a load balancer shares the traffic', [
  ...(['own', 'shared'] as const).map(
    (groups): Case => ({
      name:
        groups === 'own'
          ? 'In steps, by target groups of the team’s own'
          : 'In steps, by the target groups of a shared load balancer',
      ends: 'promoted',
      says: [],
      async play(story) {
        const { inputs, users, weights, rules } = await behindBalancer(story, { groups })
        const steps: number[] = []
        const note = () => {
          const now = story.clock.now()
          steps.push(shareOf(users.requests(now - 60_000, now)))
        }
        const seen = await during(
          story,
          [
            { when: held(10), act: note },
            { when: held(50), act: note },
          ],
          { inputs },
        )
        expect(steps[0]).toBeGreaterThan(3)
        expect(steps[0]).toBeLessThan(18)
        expect(steps[1]).toBeGreaterThan(38)
        expect(steps[1]).toBeLessThan(62)
        for (const rule of rules) expect(await weights(rule)).toEqual({ 'shop-green': 100 })
        return seen
      },
    }),
  ),
  {
    name: 'The other environment has to be created, and its bundle attaches it to a target group',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { inputs, weights } = await behindBalancer(story, { byBundle: true })
      const seen = await story.run({ ...inputs, ...atOnce })
      expect(await weights()).toEqual({ 'shop-green': 100 })
      return seen
    },
  },
  {
    name: 'The version fails in the second step',
    ends: 'rolled-back',
    says: [
      /shop-green failed with 50 % of production/,
      /production \(shop.example.com\) went back to shop-blue/,
    ],
    usersSeeFailures: true,
    async play(story) {
      const { inputs, users, weights } = await behindBalancer(story)
      const failing = () => story.apps.set('1.1.0', { status: 500 })
      const seen = await during(story, [{ when: held(10), after: 40_000, act: failing }], { inputs })
      expect(await weights()).toEqual({ 'shop-blue': 100 })
      // Half of the users were on it until it was taken back.
      const { failed, requests } = users.report()
      expect(failed / requests).toBeLessThan(0.1)
      return seen
    },
  },
  {
    name: 'AWS refuses the second of two rules',
    ends: 'failed',
    says: [/elasticloadbalancing:ModifyRule is not allowed/, 'What had moved by then was moved back'],
    async play(story) {
      const { inputs, weights, rules } = await behindBalancer(story)
      const refuse = () =>
        story.aws.cloud.faults.order({ fault: 'denied', operation: 'ModifyRule', after: 3 })
      const seen = await during(story, [{ when: stage('Shift traffic'), act: refuse }], { inputs })
      for (const rule of rules) expect((await weights(rule))['shop-blue']).toBeGreaterThan(0)
      for (const rule of rules) expect((await weights(rule))['shop-green'] ?? 0).toBe(0)
      return seen
    },
  },
  {
    name: 'A rule asks for a login first',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { inputs, elb, rules } = await behindBalancer(story, { login: true })
      const seen = await story.run({ ...inputs, ...atOnce })
      const { Rules } = await story.clock.run(elb.describeRules({ RuleArns: [rules[1] ?? ''] }))
      expect(Rules?.[0]?.Actions).toMatchObject([
        { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'shop-admin' } },
        { Type: 'forward', Order: 2 },
      ])
      return seen
    },
  },
  {
    name: 'The rules keep users where they are (stickiness)',
    ends: 'promoted',
    says: [/keeps a client for 1 h at the target group/],
    async play(story) {
      const { inputs, users, weights } = await behindBalancer(story, { stickyFor: 3_600, keepCookies: true })
      let inBake = 100
      const look = () => {
        const now = story.clock.now()
        inBake = shareOf(users.requests(now - 30_000, now))
      }
      const seen = await during(story, [{ when: stage('Bake'), after: 40_000, act: look }], { inputs })
      expect(inBake).toBe(0)
      // Only the action's own requests, which keep no cookies.
      expect(seen.log.join('\n')).toMatch(/10 % on shop-green held .*: [01]\.\d % of the requests/)
      expect(await weights()).toEqual({ 'shop-green': 100 })
      const end = story.clock.now()
      await story.clock.runUntil(end + 60_000)
      expect(shareOf(users.requests(end + 20_000))).toBe(100)
      return seen
    },
  },
  {
    name: 'Somebody changes the weights by hand in the first step',
    ends: 'rolled-back',
    says: [/somebody else moved production meanwhile: it is .*35 % shop-/],
    async play(story) {
      const { inputs, edit, weights } = await behindBalancer(story)
      const seen = await during(story, [{ when: '0 s of 1 min 15 s', after: 30_000, act: () => edit(60) }], {
        inputs,
      })
      expect(await weights()).toEqual({ 'shop-blue': 100 })
      return seen
    },
  },
  {
    name: 'The answer to a change of weights is lost, and it happens',
    ends: 'promoted',
    says: ['The answer was lost. It is not sent again'],
    async play(story) {
      const { inputs, rules } = await behindBalancer(story)
      const lose = () =>
        story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'ModifyRule', after: 1 })
      return during(story, [{ when: stage('Shift traffic'), act: lose }], {
        inputs: { ...inputs, ...atOnce, 'listener-rules': `${rules[0]}` },
      })
    },
  },
  {
    name: 'The job dies with half of the traffic moved, and `recover` runs',
    ends: 'recovered',
    says: [/Taking production back to shop-blue/],
    async play(story) {
      const { inputs, weights, users } = await behindBalancer(story)
      const dying = story.start(inputs)
      while (!dying.seen.log.join().includes(held(10))) await story.clock.runUntil(story.clock.now() + 1_000)
      await story.clock.runUntil(story.clock.now() + 30_000)
      dying.kill()
      expect(await weights()).toEqual({ 'shop-blue': 50, 'shop-green': 50 })
      await story.clock.runUntil(story.clock.now() + 10 * 60_000)
      const seen = await story.run({ ...inputs, operation: 'recover', version: '' })
      expect(await weights()).toEqual({ 'shop-blue': 100 })
      const now = story.clock.now()
      await story.clock.runUntil(now + 60_000)
      expect(shareOf(users.requests(now + 20_000))).toBe(0)
      return seen
    },
  },
  {
    name: 'A rollback after the promotion',
    ends: 'restored',
    says: ['1.0.0 is live again, on shop-blue.'],
    async play(story) {
      const { inputs, weights, rules } = await behindBalancer(story, { groups: 'shared' })
      await story.run({ ...inputs, ...atOnce })
      const seen = await story.run({ ...inputs, operation: 'rollback', version: '' })
      for (const rule of rules) expect(await weights(rule)).toEqual({ 'shop-blue': 100 })
      return seen
    },
  },
  {
    name: 'The environment before is terminated, on a shared load balancer',
    ends: 'promoted',
    says: [/shop-blue .* was terminated/],
    async play(story) {
      const { inputs, weights, rules, blue } = await behindBalancer(story, { groups: 'shared' })
      const seen = await story.run({ ...inputs, ...atOnce, standby: 'terminate' })
      for (const rule of rules) expect(await weights(rule)).toEqual({ 'shop-green': 100 })
      await story.clock.runUntil(story.clock.now() + 15 * 60_000)
      const { environments } = story.aws.beanstalk.state()
      expect(environments.find(({ id }) => id === blue)?.status ?? 'Terminated').toBe('Terminated')
      return seen
    },
  },
  {
    name: 'The targets are not checked while they have no weight',
    ends: 'promoted',
    says: [],
    async play(story) {
      const { inputs } = await behindBalancer(story)
      const seen = await story.run({ ...inputs, ...atOnce })
      const isSaid = seen.log.join('\n').includes('does not check the targets of shop-green')
      expect(isSaid).toBe(story.aws.cloud.switches.weightZero === 'unused')
      return seen
    },
  },
  {
    name: 'A target group is not attached to its environment',
    ends: 'failed',
    says: ['is not attached to the Auto Scaling group of shop-green', 'Ref: AWSEBV2LoadBalancerTargetGroup'],
    async play(story) {
      const { inputs, otherGroup } = await behindBalancer(story)
      return story.run({ ...inputs, 'green-target-group': await otherGroup() })
    },
  },
  {
    name: 'The two target groups are mixed up in the workflow',
    ends: 'failed',
    says: ['`blue-target-group` and `green-target-group` are mixed up', 'Exchange them'],
    async play(story) {
      const { inputs, weights, groups } = await behindBalancer(story)
      const from = story.aws.calls.length
      const seen = await story.run({
        ...inputs,
        configuration: 'sync',
        'blue-target-group': groups.green,
        'green-target-group': groups.blue,
      })
      expect(story.changes(from).filter((name) => !/Object|Bucket|StorageLocation/.test(name))).toEqual([])
      expect(await weights()).toEqual({ 'shop-blue': 1 })
      return seen
    },
  },
  {
    name: 'The two target groups are mixed up, and `status` is asked',
    ends: 'reported',
    says: ['`blue-target-group` and `green-target-group` are mixed up'],
    async play(story) {
      const { inputs, groups } = await behindBalancer(story)
      const mixed = { 'blue-target-group': groups.green, 'green-target-group': groups.blue }
      return story.run({ ...inputs, ...mixed, operation: 'status', version: '' })
    },
  },
  {
    name: 'A target group is empty, and `status` is asked',
    ends: 'reported',
    says: ['shop-green not well: no target is registered in its target group'],
    async play(story) {
      const { inputs, otherGroup } = await behindBalancer(story)
      const empty = { 'green-target-group': await otherGroup() }
      return story.run({ ...inputs, ...empty, operation: 'status', version: '' })
    },
  },
  ...(['with the pair’s inputs', 'with a Beanstalk name as `production-cname`'] as const).map(
    (how): Case => ({
      name: `A pull request is verified in an environment of its own, ${how}`,
      ends: 'verified',
      says: ['shop-pr-1 gets no target group'],
      serves: () => 'shop-blue',
      async play(story) {
        const { inputs, users } = await behindBalancer(story, { byBundle: true })
        const plain = { version: '1.1.0', 'production-cname': story.pair()['shop-blue']?.cname ?? '' }
        const seen = await story.run({
          ...(how === 'with the pair’s inputs' ? inputs : plain),
          operation: 'verify',
          'green-environment': 'shop-pr-1',
        })
        await story.clock.runUntil(story.clock.now() + 5 * 60_000)
        expect(shareOf(users.requests())).toBe(0)
        return seen
      },
    }),
  ),
  {
    name: 'A pull request’s environment stands in the place of the one that is live',
    ends: 'failed',
    says: ['the instances of shop-green are registered in', 'For `verify` in an environment of its own'],
    async play(story) {
      const { inputs } = await behindBalancer(story)
      await story.run({ ...inputs, ...atOnce })
      story.aws.beanstalk.given.version('shop', '1.2.0')
      const from = story.aws.calls.length
      const seen = await story.run({
        ...inputs,
        operation: 'verify',
        version: '1.2.0',
        'green-environment': 'shop-pr-1',
      })
      expect(story.changes(from).filter((name) => !/Object|Bucket|StorageLocation/.test(name))).toEqual([])
      return seen
    },
  },
  {
    name: 'A pull request’s environment was given live’s target group once',
    ends: 'failed',
    says: ['shop-pr-1 has the target group of shop-blue, which is live, in its options'],
    async play(story) {
      const { groups } = await behindBalancer(story, { byBundle: true })
      await story.aws.beanstalk.given.environment({
        application: 'shop',
        name: 'shop-pr-1',
        version: '1.0.0',
        instances: 1,
        options: { 'aws:elasticbeanstalk:customoption/TargetGroupArn': groups.blue },
      })
      return story.run({
        version: '1.1.0',
        operation: 'verify',
        'production-cname': story.pair()['shop-blue']?.cname ?? '',
        'green-environment': 'shop-pr-1',
      })
    },
  },
  {
    name: 'The role may not read the rules',
    ends: 'failed',
    says: ['"Action":"elasticloadbalancing:DescribeRules"'],
    async play(story) {
      const { inputs } = await behindBalancer(story)
      story.aws.cloud.faults.order({ fault: 'denied', operation: 'DescribeRules', times: 99 })
      return story.run(inputs)
    },
  },
  {
    name: 'The environments have load balancers of their own',
    ends: 'failed',
    says: ['shop-blue’s own load balancer', /blue-target-group.*shared load balancer.*traffic: route53/],
    async play(story) {
      const { inputs, blue } = await behindBalancer(story)
      const own = story.aws.beanstalk
        .balancers()
        .loadBalancers.find(({ environment }) => environment === blue)
      return story.run({
        ...inputs,
        'listener-rules': own?.listeners[0]?.arn ?? '',
        'blue-target-group': '',
        'green-target-group': '',
      })
    },
  },
  {
    name: 'A rule is Beanstalk’s own',
    ends: 'failed',
    says: ['belongs to Elastic Beanstalk', 'aws elbv2 create-rule'],
    async play(story) {
      const { inputs, rules } = await behindBalancer(story, { groups: 'shared' })
      const all = story.aws.beanstalk
        .balancers()
        .loadBalancers.flatMap(({ listeners }) => listeners.flatMap((one) => one.rules))
      const own = all.find(({ arn, priority }) => priority !== 'default' && !rules.includes(arn))
      return story.run({ ...inputs, 'listener-rules': own?.arn ?? '' })
    },
  },
])
