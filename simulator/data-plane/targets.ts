/** Some of a front's instances get a fixed share of its requests. */
export interface Split {
  /** From 0 to 100. */
  readonly percent: number
  readonly instances: readonly string[]
}

/** Which instances a front sends requests to. */
export interface Targets {
  /** In turn: everything that the split does not take. */
  readonly instances: readonly string[]
  readonly split?: Split | undefined
}

/** The instance that gets the request with this number (from 0 on); undefined when there is none. */
export function targetOfTurn({ instances, split }: Targets, turn: number): string | undefined {
  if (!split || split.instances.length === 0) return instances[turn % instances.length]
  const { percent, instances: chosen } = split
  const before = Math.floor((turn * percent) / 100)
  const isChosen = Math.floor(((turn + 1) * percent) / 100) > before
  if (isChosen || instances.length === 0) return chosen[before % chosen.length]
  return instances[(turn - before) % instances.length]
}
