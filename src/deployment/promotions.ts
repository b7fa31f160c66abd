import type { RouteEffect } from './effects.ts'
import type { Environment } from './environment.ts'
import type { Instant, PairState, Promotion } from './ports.ts'
import type { Run } from './run.ts'

const remembered = 20

/**
 * Records that production stands where `effect` moved it, and remembers what was live before. `left by choice`: a human
 * wanted production away from that version.
 */
export const promotedBy =
  (by: Promotion['by'], effect: RouteEffect, at: Instant, left?: 'left by choice') =>
  (now: PairState): PairState => ({
    ...now,
    productionName: effect.productionName,
    promotions: [
      {
        at,
        by,
        environment: effect.to,
        version: effect.toVersion,
        ...(left && { left: effect.fromVersion }),
        // A deployment's own move, the other way round.
        ...(by === 'rollback' && effect.way === 'undo' && { takenBack: true as const }),
        ...(now.holder && { run: now.holder.run, link: now.holder.link }),
        before: { environment: effect.from, version: effect.fromVersion },
      },
      ...now.promotions,
    ].slice(0, remembered),
  })

/** Did this version have production in this environment, as far as is remembered? */
export function wasLiveThere(run: Run, environment: Environment | undefined, version: string): boolean {
  const { promotions } = run.ports.journal.state
  const isIt = (one: { readonly environment: string; readonly version: string | undefined } | undefined) =>
    one?.environment === environment?.id && one?.version === version
  return promotions.some((promotion) => isIt(promotion) || isIt(promotion.before))
}

/** After that rollback somebody went forward again by hand: the way back is where the rollback had put production. */
export const isForwardAgain = (
  { by, before }: Promotion,
  live: { readonly id: string; readonly version: string | undefined },
): boolean => by === 'rollback' && before?.environment === live.id && before.version === live.version

/** When traffic was last moved, as far as this run knows, by S3's clock: users may be on either side for a while. */
export const lastMoveAt = ({ ports, record }: Run): Instant =>
  Math.max(record.settledRouteAt ?? 0, ports.journal.state.promotions[0]?.at ?? 0)

/** The same move the other way round: production came back. */
export const reversed = (effect: RouteEffect): RouteEffect => ({
  ...effect,
  from: effect.to,
  to: effect.from,
  fromVersion: effect.toVersion,
  toVersion: effect.fromVersion,
  before: effect.after,
  after: effect.before,
})
