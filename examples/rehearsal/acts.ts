import type { ShopVersion } from '../shop/bundle.ts'

/** One scene: what is asked of the action, and how it should end. */
export interface Scene {
  readonly inputs: Readonly<Record<string, string>>
  /** The bundle that is handed to the action. */
  readonly bundle?: ShopVersion
  readonly outcome: string
  readonly succeeds: boolean
  /** Which environment has production afterwards, running what. */
  readonly live: { readonly environment: string; readonly version: ShopVersion }
}

/** One act of the story. */
export interface Act {
  readonly name: string
  readonly title: string
  readonly scenes: readonly Scene[]
  /** The only version whose own answers users may see fail. */
  readonly mayFail?: ShopVersion
}

const deploy = (version: ShopVersion) => ({
  bundle: version,
  inputs: { operation: 'deploy', version },
})

/** The story, in order: each act begins where the one before ended. It starts with 1.0.0 live on shop-blue, alone. */
export const acts: readonly Act[] = [
  {
    name: 'good',
    title: 'A good version is promoted',
    scenes: [
      {
        ...deploy('1.1.0'),
        outcome: 'promoted',
        succeeds: true,
        live: { environment: 'shop-green', version: '1.1.0' },
      },
    ],
  },
  {
    name: 'fails-tests',
    title: 'A version that fails its tests never gets traffic',
    scenes: [
      {
        ...deploy('1.2.0-broken'),
        outcome: 'failed',
        succeeds: false,
        live: { environment: 'shop-green', version: '1.1.0' },
      },
    ],
  },
  {
    name: 'fails-users',
    title: 'A version that passes its tests and fails under traffic is taken back',
    mayFail: '1.3.0-leaky',
    scenes: [
      {
        ...deploy('1.3.0-leaky'),
        outcome: 'rolled-back',
        succeeds: false,
        live: { environment: 'shop-green', version: '1.1.0' },
      },
    ],
  },
  {
    name: 'other-side',
    title: 'The next good version goes to the other environment',
    scenes: [
      {
        ...deploy('1.4.0'),
        outcome: 'promoted',
        succeeds: true,
        live: { environment: 'shop-blue', version: '1.4.0' },
      },
    ],
  },
  {
    name: 'button',
    title: 'The button: back to the version before, pressed twice',
    scenes: [
      {
        inputs: { operation: 'rollback' },
        outcome: 'restored',
        succeeds: true,
        live: { environment: 'shop-green', version: '1.1.0' },
      },
      {
        inputs: { operation: 'rollback' },
        outcome: 'already-live',
        succeeds: true,
        live: { environment: 'shop-green', version: '1.1.0' },
      },
    ],
  },
]
