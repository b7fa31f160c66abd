import type { GroupSize, Instant, PairState, Route } from './ports.ts'

/**
 * One intended change, written to the journal before its request is sent, with the way to settle it: take it back,
 * or bring it to its end. Settling looks at AWS first.
 */
export type Effect =
  | RouteEffect
  | CreateEnvironmentEffect
  | CreateTemplateEffect
  | AttachEffect
  | HoldCapacityEffect
  | TerminateEffect

/** Production moves. A deployment's goes back while its bake lasts; a rollback's is brought to its end. */
export interface RouteEffect {
  readonly what: 'route'
  readonly way: 'undo' | 'finish'
  /** The environment ids that `before` and `after` send everything to. */
  readonly from: string
  readonly to: string
  /** Of the environment moved away from; nothing goes back to anything else. */
  readonly fromVersion: string | undefined
  readonly toVersion: string | undefined
  readonly before: Route
  readonly after: Route
  readonly productionName: string
  /** When it was written down, by S3's clock: its request went out later, if at all. */
  readonly at: Instant
  /** A way back expires: from here on only a human's rollback moves traffic. */
  readonly until: Instant
  /** Production, or a part of it, was seen there: if it is not there any more, it came back. Absent while nobody knows. */
  readonly arrived?: true
}

/** An environment is created; known again by its nonce, since its id comes only with the answer. */
export interface CreateEnvironmentEffect {
  readonly what: 'create-environment'
  readonly way: 'undo'
  readonly name: string
  readonly nonce: string
  /** What becomes of it when the deployment fails. */
  readonly onFailure: 'keep' | 'terminate'
}

/** A saved configuration that lives only while an environment is created from it. */
export interface CreateTemplateEffect {
  readonly what: 'create-template'
  readonly way: 'undo'
  readonly name: string
}

/** An environment becomes known to what routes production, without getting any of it. */
export interface AttachEffect {
  readonly what: 'attach'
  readonly way: 'undo'
  readonly environment: string
  readonly name: string
  readonly productionName: string
}

/** An Auto Scaling group is kept from shrinking. */
export interface HoldCapacityEffect {
  readonly what: 'hold-capacity'
  readonly way: 'undo'
  readonly environment: string
  readonly group: string
  readonly before: Omit<GroupSize, 'desired'>
  readonly after: Omit<GroupSize, 'desired'>
}

/** An environment is ended; there is no way back from that. */
export interface TerminateEffect {
  readonly what: 'terminate'
  readonly way: 'finish'
  readonly environment: string
  readonly name: string
  /** When it was written down, by S3's clock; not known of the first ones. */
  readonly at?: Instant
}

/** Production, or a part of it, was seen where the effect takes it: clients may follow that for a while. */
export const withArrival = (now: PairState): PairState => ({
  ...now,
  pending: now.pending.map((one) => (one.what === 'route' ? { ...one, arrived: true } : one)),
})

/** The effect as a sentence, for log and summary. */
export function sentence(effect: Effect): string {
  switch (effect.what) {
    case 'route':
      return `production (${effect.productionName}) moves from ${effect.from} to ${effect.to}`
    case 'create-environment':
      return `environment ${effect.name} is created`
    case 'create-template':
      return `saved configuration ${effect.name} is created for the moment`
    case 'attach':
      return `${effect.name} (${effect.environment}) is made known to what routes ${effect.productionName}, and gets nothing of it`
    case 'hold-capacity':
      return `Auto Scaling group ${effect.group} keeps at least ${effect.after.min} instances (before: ${effect.before.min})`
    case 'terminate':
      return `environment ${effect.name} (${effect.environment}) is terminated`
  }
}
