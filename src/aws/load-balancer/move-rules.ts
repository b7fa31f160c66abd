import {
  AnswerLost,
  Conflict,
  Failure,
  messageOf,
  NotYet,
  Refused,
  Unreachable,
} from '../../deployment/errors.ts'
import type { Route } from '../../deployment/ports.ts'
import type { Clients } from '../clients.ts'
import { weightsIn, withWeights } from './forward.ts'
import { describeRules, modifyRule, type Rule } from './rules.ts'
import { differences, type Sharing } from './sharing.ts'

/**
 * Moves every rule from one state to another, one after the other; ELBv2 has no conditional update, so each is read right
 * before, and all are read at the end [BC:elbv2 ModifyRule] (D.1). When one does not move, those that did are moved back.
 * Throws Conflict when somebody else changed a rule meanwhile, and as `writingOnce`.
 */
export async function moveRules(clients: Clients, from: Route, to: Route): Promise<void> {
  refuseUnplanned(to)
  const [before, after] = [from.exact as Sharing, to.exact as Sharing]
  const moved: string[] = []
  for (const arn of Object.keys(after)) {
    const step = { clients, arn, from: before[arn] ?? {}, to: after[arn] ?? {} }
    try {
      await (Object.keys(after).length > 1 ? certainly(() => move(step)) : move(step))
      moved.push(arn)
    } catch (thrown) {
      if (moved.length === 0) throw thrown
      throw withWords(thrown, await takeBack(clients, { moved, before, after }))
    }
  }
  const now = await describeRules(clients, Object.keys(after))
  const others = now.flatMap((rule) =>
    differences(after[rule.arn] ?? {}, sidesNow(rule, after[rule.arn] ?? {})).map(
      (one) => `${rule.arn}: ${one}`,
    ),
  )
  if (others.length > 0)
    throw new Conflict(`Somebody else changed the weights at the same time: ${others.join('; ')}.`)
}

/** Doing it twice is harmless here, and one rule must not stay behind the others for an answer that was lost. */
export async function certainly<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (thrown) {
    if (!(thrown instanceof AnswerLost)) throw thrown
    return send()
  }
}

interface Step {
  readonly clients: Clients
  readonly arn: string
  readonly from: Sides
  readonly to: Sides
}

type Sides = Sharing[string]

function move({ clients, arn, from, to }: Step): Promise<void> {
  return modifyRule(clients, arn, (rule) => {
    const now = sidesNow(rule, from)
    if (differences(to, sidesNow(rule, to)).length === 0) return 'as it is'
    const changed = differences(from, now)
    if (changed.length > 0)
      throw new Conflict(`Somebody else changed the weights of ${arn} meanwhile: ${changed.join('; ')}.`)
    return withWeights(
      rule.actions,
      Object.fromEntries(Object.values(to).map(({ group, weight }) => [group, weight ?? undefined])),
    )
  })
}

/** What the same target groups weigh now. */
function sidesNow({ actions }: Rule, sides: Sides): Sides {
  const weights = weightsIn(actions)
  return Object.fromEntries(
    Object.entries(sides).map(([id, { group }]) => [id, { group, weight: weights[group] ?? null }]),
  )
}

/** A rule that cannot give its part to an environment would leave it where it is. */
function refuseUnplanned({ share, exact }: Route): void {
  for (const [arn, sides] of Object.entries(exact as Sharing))
    for (const [id, percent] of Object.entries(share))
      if (percent > 0 && !sides[id]?.weight)
        throw new Conflict(`${id} has no target group at ${arn}: nothing was sent.`)
}

async function takeBack(
  clients: Clients,
  {
    moved,
    before,
    after,
  }: { readonly moved: readonly string[]; readonly before: Sharing; readonly after: Sharing },
): Promise<string> {
  const left: string[] = []
  for (const arn of moved.toReversed()) {
    const step = { clients, arn, from: after[arn] ?? {}, to: before[arn] ?? {} }
    await certainly(() => move(step)).catch((thrown: unknown) => left.push(`${arn} (${messageOf(thrown)})`))
  }
  return left.length === 0
    ? `What had moved by then was moved back: ${moved.join(', ')}.`
    : `These had moved by then and could not be moved back, so that production is split: ${left.join(', ')}.`
}

/** The same error with more to say. */
function withWords(thrown: unknown, words: string): unknown {
  const says = `${messageOf(thrown).replace(/[.:]?$/, '.')} ${words}`
  if (thrown instanceof NotYet) return new NotYet(says, thrown.remedies)
  if (thrown instanceof Refused) return new Refused(says, thrown.remedies)
  if (thrown instanceof Conflict) return new Conflict(says, thrown.remedies)
  if (thrown instanceof Failure) return new Failure(says, thrown.remedies)
  if (thrown instanceof AnswerLost) return new AnswerLost(says)
  if (thrown instanceof Unreachable) return new Unreachable(says)
  return thrown
}
