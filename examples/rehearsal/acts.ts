import type { ShopVersion } from '../shop/bundle.ts'
import type { OpeningName } from './openings.ts'

/** One scene: what is asked of the action, and how it should end. */
export interface Scene {
  readonly inputs: Readonly<Record<string, string>>
  /** The bundle that is handed to the action. */
  readonly bundle?: ShopVersion
  readonly outcome: string
  readonly succeeds: boolean
  /** Where production is afterwards, of the two environments; it runs `version`, or what it ran before. */
  readonly production: 'stays' | 'moves'
  readonly version?: ShopVersion
}

/** One act of the story. */
export interface Act {
  readonly name: string
  readonly title: string
  /** How the production name leads to an environment; acts with the same one that follow each other share a stage. */
  readonly opening: OpeningName
  /** What has to happen before, where the act is played alone. */
  readonly before?: readonly Scene[]
  readonly scenes: readonly Scene[]
  /** The only version whose own answers users may see fail. */
  readonly mayFail?: ShopVersion
}

const promoted = (version: ShopVersion, inputs: Scene['inputs'] = {}): Scene => ({
  bundle: version,
  inputs: { operation: 'deploy', version, ...inputs },
  outcome: 'promoted',
  succeeds: true,
  production: 'moves',
  version,
})

const refused = (version: ShopVersion, outcome: string, inputs: Scene['inputs'] = {}): Scene => ({
  bundle: version,
  inputs: { operation: 'deploy', version, ...inputs },
  outcome,
  succeeds: false,
  production: 'stays',
})

const rollback = (outcome: string, production: Scene['production']): Scene => ({
  inputs: { operation: 'rollback' },
  outcome,
  succeeds: true,
  production,
})

const steps = { 'traffic-steps': '10,50,100', 'step-interval': '2m' }

/** The story, in order: each act begins where the one before ended. It starts with 1.0.0 live on shop-blue. */
export const acts: readonly Act[] = [
  {
    name: 'good',
    title: 'A good version is promoted',
    opening: 'cname-swap',
    scenes: [promoted('1.1.0')],
  },
  {
    name: 'fails-tests',
    title: 'A version that fails its tests never gets traffic',
    opening: 'cname-swap',
    scenes: [refused('1.2.0-broken', 'failed')],
  },
  {
    name: 'fails-users',
    title: 'A version that passes its tests and fails under traffic is taken back',
    opening: 'cname-swap',
    mayFail: '1.3.0-leaky',
    scenes: [refused('1.3.0-leaky', 'rolled-back')],
  },
  {
    name: 'other-side',
    title: 'The next good version goes to the other environment',
    opening: 'cname-swap',
    scenes: [promoted('1.4.0')],
  },
  {
    name: 'button',
    title: 'The button: back to the version before, pressed twice',
    opening: 'cname-swap',
    before: [promoted('1.4.0')],
    scenes: [rollback('restored', 'moves'), rollback('already-live', 'stays')],
  },
  {
    name: 'steps',
    title: 'Ten per cent, half, then everything: Route 53 weights, from a simple record',
    opening: 'route53',
    scenes: [promoted('1.1.0', steps)],
  },
  {
    name: 'second-step-fails',
    title: 'A load balancer’s weights: what fails at half of the traffic is taken back',
    opening: 'load-balancer',
    mayFail: '1.3.0-leaky',
    scenes: [refused('1.3.0-leaky', 'rolled-back', steps)],
  },
]
