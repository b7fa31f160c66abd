/** Everything that chance decides in one history, from one seed. */
export interface Dice {
  /** From 0 to 1. */
  readonly random: () => number
  chance(share: number): boolean
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(choices: readonly T[]): T
  /** By weight: `{ keep: 3, terminate: 1 }`. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T
}

/** The dice of a seed (mulberry32): the same seed throws the same for ever. */
export function diceOf(seed: number): Dice {
  const random = seeded(seed)
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  return {
    random,
    between,
    chance: (share) => random() < share,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
    weighed(weights) {
      const entries = Object.entries<number>(weights)
      let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [choice, weight] of entries) {
        left -= weight
        if (left < 0) return choice as keyof typeof weights
      }
      return entries[0]?.[0] as keyof typeof weights
    },
  }
}

/** A small seeded generator, from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
