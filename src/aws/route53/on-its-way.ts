import { AnswerLost, Refused } from '../../deployment/errors.ts'
import type { Clock, Instant, Ms } from '../../deployment/ports.ts'
import type { Clients } from '../clients.ts'
import { isInSync, type Zone } from './zone.ts'

/** What of our own changes the zone's name servers may not answer yet. One for a whole run: routers come and go. */
export interface OnItsWay {
  /**
   * Sends a change, and remembers its id; nothing was to be sent when there is none. Answers how long clients may go on
   * following what stood there before, in ms: what `follow` says, and for what was there already by a change whose answer was
   * lost, what it said then.
   */
  send(change: () => Promise<string | undefined>, follow: () => Ms): Promise<Ms>
  /** What is under way, in words. */
  under(): Promise<string | undefined>
}

/** "Generally within 60 seconds" [BC:route53 GetChange]: so long a change is waited for whose id nobody knows. */
const generally: Ms = 60_000

/** Nothing is on its way at first. */
export function onItsWay(parts: {
  readonly clients: Clients
  readonly clock: Pick<Clock, 'now'>
  readonly zone: Zone
}): OnItsWay {
  const { clients, clock, zone } = parts
  let change: string | undefined
  let lost: { readonly at: Instant; readonly follow: Ms } | undefined
  /** What is there already came by a change whose answer was lost. */
  const followOfLost = () => {
    const { follow = 0, at = 0 } = lost ?? {}
    lost &&= { at, follow: 0 }
    return follow
  }
  return {
    async send(sending, follow) {
      try {
        const sent = await sending()
        if (sent === undefined) return followOfLost()
        change = sent
        lost = undefined
        return follow()
      } catch (thrown) {
        if (thrown instanceof AnswerLost) lost = { at: clock.now(), follow: follow() }
        throw thrown
      }
    },
    async under() {
      if (lost !== undefined && clock.now() - lost.at < generally)
        return 'a change that nobody knows the end of may be on its way to the name servers'
      if (change === undefined) return undefined
      const asked = change
      const isThere = await isInSync(clients, zone, asked).catch((thrown: unknown) => {
        // Whoever settles what this ends must get on without the answer.
        if (thrown instanceof Refused && change === asked) {
          lost = { at: clock.now(), follow: 0 }
          change = undefined
        }
        throw thrown
      })
      if (!isThere) return 'Route 53 is telling its name servers of the change (PENDING)'
      if (change === asked) change = undefined
      return undefined
    },
  }
}
