import type { Mutant } from './mutants.ts'
import type { Routing } from './routing.ts'

const weighted: readonly Routing['by'][] = ['route53', 'load-balancer', 'command']
const records: readonly Routing['by'][] = ['route53']
const rules: readonly Routing['by'][] = ['load-balancer']

/** Mistakes in the moving of traffic by weights. */
export const stepMutants: readonly Mutant[] = [
  {
    name: 'a step goes on without its gates',
    among: weighted,
    patches: [
      {
        file: 'deployment/stages/move-in-steps.ts',
        old: '    if (percent < 100)\n      await watchStep(',
        now: '    if (percent > 100)\n      await watchStep(',
      },
    ],
  },
  {
    name: 'what the gates of a step say is ignored',
    among: weighted,
    patches: [
      {
        file: 'deployment/stages/watch-step.ts',
        old: '  if (failed !== undefined) {\n',
        now: '  if (failed === undefined && !router) {\n',
      },
      {
        file: 'deployment/stages/move-in-steps.ts',
        old: '  await refuseSick(run, holding, worseOf(run.settings.minimumHealth, holding.plan.live.health))\n',
        now: '',
      },
    ],
  },
  {
    name: 'resolvers are not waited for at a step',
    among: weighted,
    patches: [
      {
        file: 'deployment/steps.ts',
        old: 'clientsFollowWithin + settings.stepInterval',
        now: 'clientsFollowWithin * 0 + settings.stepInterval',
      },
    ],
  },
  {
    name: 'records are changed whoever has changed them',
    among: records,
    from: 770,
    patches: [
      {
        file: 'aws/route53/record-router.ts',
        old: '        assertUnchanged(seen, from.exact as readonly Standing[])\n',
        now: '',
      },
    ],
  },
  {
    name: 'rules are changed whoever has changed them',
    among: rules,
    from: 730,
    patches: [
      {
        file: 'aws/load-balancer/move-rules.ts',
        old: '    if (changed.length > 0)\n',
        now: '    if (changed.length > 99)\n',
      },
    ],
  },
  {
    name: 'a candidate gets traffic before its targets are healthy',
    among: rules,
    patches: [
      {
        file: 'deployment/attach.ts',
        old: "      if (why !== undefined) return { is: 'waiting', saw: why }\n",
        now: '',
      },
    ],
  },
  {
    name: 'a split counts as all of it on the old side',
    among: weighted,
    patches: [
      {
        file: 'deployment/settle-route.ts',
        old: '  const at = wholeOf(now)\n',
        now: '  const at = wholeOf(now) ?? effect.from\n',
      },
    ],
  },
  {
    name: 'an environment ends that records and rules still name',
    among: weighted,
    patches: [
      {
        file: 'deployment/terminate.ts',
        old: "  await router.detach(id, 'it ends')\n",
        now: '',
      },
    ],
  },
  {
    name: 'capacity is for the first step only',
    among: weighted,
    patches: [
      {
        file: 'deployment/stages/move-in-steps.ts',
        old: '  await holdBoth(run, holding)\n',
        now: '',
      },
    ],
  },
  {
    name: 'a change counts as done before the name servers know it',
    among: records,
    patches: [
      {
        file: 'aws/route53/on-its-way.ts',
        old: "if (!isThere) return 'Route 53",
        now: "if (!isThere && !asked) return 'Route 53",
      },
    ],
  },
]
