import type { Routing } from './routing.ts'
import { stepMutants } from './step-mutants.ts'

/** One mistake that the product could have: exact texts of a file under src/, and what stands there instead. */
export interface Mutant {
  readonly name: string
  readonly patches: readonly Patch[]
  /** In histories where traffic moves in this way it is looked for; in all of them, by the CNAME swap, when left out. */
  readonly among?: readonly Routing['by'][]
  /** The seed that the hunt begins with, since those before have missed it; they come last. */
  readonly from?: number
}

export interface Patch {
  /** Below src/. */
  readonly file: string
  /** Occurs exactly once. */
  readonly old: string
  readonly now: string
}

/** One with one patch. */
export const one = (name: string, file: string, old: string, now: string): Mutant => ({
  name,
  patches: [{ file, old, now }],
})

/** Mistakes that matter, each of which the simulation has to find. */
export const mutants: readonly Mutant[] = [
  one(
    'a swap counts as done when its answer is there',
    'deployment/move-traffic.ts',
    "if (now.settled && isSame(now, to)) return { is: 'done', value: true }",
    "if (clock.now() >= sentAt) return { is: 'done', value: true }",
  ),
  {
    name: 'what is intended is written down only after it was sent',
    patches: [
      {
        file: 'deployment/run.ts',
        old: '  await run.ports.journal.write((now) => ({\n    ...now,\n    productionName',
        now: '  void run.ports.clock.sleep(3_000).then(() => run.ports.journal.write((now) => ({\n    ...now,\n    productionName',
      },
      {
        file: 'deployment/run.ts',
        old: '  }))\n  run.signal.throwIfAborted()\n  return effect',
        now: '  }))).catch(() => {})\n  run.signal.throwIfAborted()\n  return effect',
      },
    ],
  },
  one(
    'roles come from the names',
    'deployment/stages/who-is-live.ts',
    'const live = (await holderAmong(run, members, cname)) ??',
    'const live = members.find((member) => member.name === names[0]) ??',
  ),
  {
    name: 'Ready and healthy is success, whatever the version label and the error events say',
    patches: [
      { file: 'deployment/proven.ts', old: 'if (errors.length > 0)\n', now: 'if (errors.length > 99)\n' },
      {
        file: 'deployment/proven.ts',
        old: 'if (environment.version !== version)',
        now: 'if (environment.version === undefined)',
      },
      {
        file: 'deployment/stages/verify-candidate.ts',
        old: 'if (!isReady(now) || now.version !== version) return',
        now: 'if (!isReady(now)) return',
      },
      {
        file: 'deployment/stages/verify-candidate.ts',
        old: '.filter(([, label]) => label !== version)',
        now: '.filter(([, label]) => label === undefined)',
      },
    ],
  },
  one(
    'a swap whose answer is lost is sent again',
    'aws/cname-swap.ts',
    'clients.beanstalk.send(once(new SwapEnvironmentCNAMEsCommand(ids)))',
    'clients.beanstalk.send(new SwapEnvironmentCNAMEsCommand(ids))',
  ),
  one('the state object is written without If-Match', 'aws/conditional-object.ts', '{ IfMatch: over }', '{}'),
  one(
    'everybody may take the lock',
    'aws/waiting-for.ts',
    'if (!found || !holder || holder.nonce === nonce) return undefined',
    'if (over) return undefined\n  if (!found || !holder || holder.nonce === nonce) return undefined',
  ),
  one(
    'a dead holder keeps the lock for ever',
    'aws/waiting-for.ts',
    'if (found.modified + holder.ttl < found.date) return undefined',
    '',
  ),
  {
    name: 'no capacity is held',
    patches: [
      {
        file: 'deployment/hold-capacity.ts',
        old: '  if (group.min < atLeast) {',
        now: '  if (atLeast > 0) return\n  if (group.min < atLeast) {',
      },
    ],
  },
  one(
    'capacity is never given back',
    'deployment/settle.ts',
    "if (!group) return 'done'\n",
    "if (effect) return 'done'\n",
  ),
  one(
    'the new live is shrunk to its own maximum',
    'deployment/settle.ts',
    'effect.before.max < group.desired && ',
    'effect.before.max < 0 && ',
  ),
  {
    ...one(
      'production goes back although its way back has expired',
      'deployment/settle-route.ts',
      'run.ports.journal.serverTime() > effect.until',
      'effect.until < 0',
    ),
    from: 4_200,
  },
  {
    ...one(
      'production goes back to whatever is there',
      'deployment/fitness.ts',
      "if (!standby) return { is: 'impossible'",
      "if (id) return undefined\n  if (!standby) return { is: 'impossible'",
    ),
    from: 1_350,
  },
  one(
    'nobody waits for old DNS answers',
    'deployment/unused.ts',
    'const left = leaving.followedAt - journal.serverTime()\n',
    'const left = leaving.followedAt * 0\n',
  ),
  one(
    'a deployment does not look again who is live',
    'deployment/update.ts',
    'if (isOn(route, plan.live.id)) return',
    'if (route) return',
  ),
  {
    ...one(
      'a standby is shrunk without a last look',
      'deployment/put-away.ts',
      'const now = await router.read()',
      'if (router) return\n  const now = await router.read()',
    ),
    from: 1_560,
  },
  {
    name: 'an environment is ended without a last look',
    from: 1_550,
    patches: [
      {
        file: 'deployment/terminate.ts',
        old: 'if (gets(await router.read(), id))\n    throw',
        now: 'if (gets(await router.read(), id) && !router)\n    throw',
      },
      {
        file: 'deployment/put-away.ts',
        old: 'const now = await router.read()',
        now: 'if (router) return\n  const now = await router.read()',
      },
    ],
  },
  one(
    'the post step settles nothing',
    'post.ts',
    "if (toolkit.getState('ended') !== '') return",
    'if (toolkit) return',
  ),
  one(
    "the tests' result is ignored",
    'deployment/stages/test-candidate.ts',
    "if (result.is === 'passed') return ports",
    'if (result) return ports',
  ),
  {
    name: 'health is ignored',
    patches: [
      {
        file: 'deployment/stages/verify-candidate.ts',
        old: 'if (!isAtLeast(now.health, minimumHealth)) return',
        now: 'if (!isAtLeast(now.health, minimumHealth) && !now.id) return',
      },
      {
        file: 'deployment/stages/still-well.ts',
        old: 'if (isAtLeast(target.health, minimum)) return',
        now: 'if (target) return',
      },
    ],
  },
  one(
    'what a saved configuration is for is forgotten',
    'deployment/create-environment.ts',
    '  await deleteTemplate(run, template.name)\n',
    '',
  ),
  one(
    'the outputs tell what was live before',
    'github/outputs.ts',
    "'live-version': live?.version ?? ''",
    "'live-version': outcome.liveBefore?.version ?? live?.version ?? ''",
  ),
  one(
    'option settings are written to the log',
    'deployment/create-environment.ts',
    'const { onFailure, optionSettings, tags } = run.settings\n',
    'const { onFailure, optionSettings, tags } = run.settings\n  run.ports.report.line(JSON.stringify(optionSettings))\n',
  ),
  {
    name: 'a verification goes live',
    patches: [
      {
        file: 'deployment/verify.ts',
        old: "import { keepVerified } from './keep-verified.ts'",
        now: "import { goLive } from './go-live.ts'",
      },
      {
        file: 'deployment/verify.ts',
        old: 'return keepVerified(run, plan, candidate)',
        now: 'return goLive(run, plan, candidate)',
      },
    ],
  },
  {
    name: 'a promotion goes by the tags alone',
    patches: [
      {
        file: 'deployment/trust.ts',
        old: ' ??\n    (await doubtByPlace(run, candidate, verification)) ??\n    (await doubtByLook(run, candidate, verification))',
        now: '',
      },
      {
        file: 'deployment/promote.ts',
        old: '    await proveHealthy(stage, proven)\n    await refuseChanged(stage, candidate, unchangedSince)\n',
        now: '',
      },
    ],
  },
  one(
    'what is verified is remembered before the tests',
    'deployment/verify-anew.ts',
    'await verifyCandidate(stage, {',
    'await remember(stage, { plan, candidate, since })\n    await verifyCandidate(stage, {',
  ),
  ...stepMutants,
]
