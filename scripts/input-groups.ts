import type { OperationName } from '../src/deployment/settings.ts'
import type { InputName } from '../src/inputs/defaults.ts'

/** Inputs that belong together, each with the operations that heed it. */
export interface InputGroup {
  readonly title: string
  readonly inputs: Partial<Readonly<Record<InputName, Heeded>>>
}

/** By every operation, or by these. */
export type Heeded = 'all' | readonly OperationName[]

const all = 'all'
const deploys = ['deploy', 'verify', 'promote'] as const
const bringsUp = ['deploy', 'verify', 'promote', 'rollback'] as const
const createsOrLooks = [...bringsUp, 'status'] as const
const moves = ['deploy', 'promote'] as const
const verifies = ['verify'] as const
const acts = ['deploy', 'verify', 'promote', 'rollback', 'retire', 'recover'] as const
const looks = ['deploy', 'verify', 'promote', 'rollback', 'retire', 'status'] as const

/** In the order of the README. A test holds this against `action.yml`, and against what the code looks at. */
export const inputGroups: readonly InputGroup[] = [
  {
    title: 'What, and where',
    inputs: {
      operation: all,
      'dry-run': all,
      application: all,
      'blue-environment': all,
      'green-environment': all,
      version: deploys,
      'aws-region': all,
      'role-to-assume': all,
      'role-session-name': all,
      'role-duration': all,
    },
  },
  {
    title: 'The version',
    inputs: {
      package: deploys,
      'version-description': deploys,
      'kms-key-id': acts,
    },
  },
  {
    title: 'The candidate',
    inputs: {
      template: createsOrLooks,
      platform: createsOrLooks,
      'option-settings': createsOrLooks,
      'environment-variables': createsOrLooks,
      configuration: ['deploy', 'verify', 'promote', 'status'],
      tags: bringsUp,
      'copy-variables': bringsUp,
      'on-failure': bringsUp,
    },
  },
  {
    title: 'The gates before traffic',
    inputs: {
      'test-command': bringsUp,
      shell: bringsUp,
      'test-timeout': bringsUp,
      'test-report': bringsUp,
      'health-path': all,
      'health-status': all,
      'minimum-health': bringsUp,
      'health-stable-for': createsOrLooks,
      probe: all,
      'production-url': looks,
      'production-expect': ['deploy', 'verify', 'promote', 'rollback'],
    },
  },
  {
    title: 'Verify now, promote later',
    inputs: {
      'max-verified-age': ['verify', 'promote'],
      'way-back': verifies,
    },
  },
  {
    title: 'The traffic, and the watch over it',
    inputs: {
      traffic: all,
      'hosted-zone-id': all,
      'record-name': all,
      'record-type': all,
      'record-ttl': all,
      'dns-role-to-assume': all,
      'listener-rules': all,
      'blue-target-group': all,
      'green-target-group': all,
      'read-traffic-command': all,
      'write-traffic-command': all,
      'traffic-steps': moves,
      'step-interval': moves,
      'production-cname': all,
      'bake-time': ['deploy', 'promote', 'rollback', 'status'],
      'failure-threshold': moves,
      'allow-older': moves,
      to: ['rollback'],
      force: ['rollback'],
    },
  },
  {
    title: 'Afterwards',
    inputs: {
      standby: ['deploy', 'promote', 'retire'],
      'after-verify': verifies,
      'retire-after': ['retire'],
      leftovers: ['retire'],
      'rollback-window': ['deploy', 'verify', 'promote'],
      'drain-timeout': acts,
      'instance-logs': ['deploy', 'verify', 'promote', 'rollback'],
    },
  },
  {
    title: 'GitHub',
    inputs: {
      'github-token': ['deploy', 'verify', 'promote', 'rollback', 'recover'],
      'github-environment': ['deploy', 'promote', 'rollback', 'recover'],
    },
  },
  {
    title: 'Limits, lock and journal',
    inputs: {
      timeout: all,
      'wait-for-ready': acts,
      'lock-wait': acts,
      lock: all,
      'state-bucket': all,
    },
  },
]
