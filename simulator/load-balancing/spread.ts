import type { Cloud } from '../cloud.ts'
import type { Action, Condition } from './model.ts'

/** What a listener goes by: its rules in the order in which they are tried, the default one last. */
export type Table = readonly {
  readonly conditions: readonly Condition[]
  readonly actions: readonly Action[]
}[]

/** The rules of a load balancer by the port of their listener. */
export type Tables = ReadonlyMap<number, Table>

/** The nodes of a load balancer: each learns of a change at a moment of its own. */
export interface Nodes {
  /** These rules from now on, as soon as they have spread; at once for what nobody could see the spreading of. */
  learn(tables: Tables, atOnce?: boolean): void
  /** What the node goes by that the next request meets. */
  next(): Tables
}

/**
 * Three nodes that take requests in turn. A change reaches each of them within `rulesSpreadWithinMs`, never before an earlier
 * change. That it takes seconds: [issue argoproj/argo-rollouts#4595, #3926]; how long, and that nodes differ, is assumed.
 */
export function createNodes({ clock, switches }: Cloud, draw: () => number): Nodes {
  const nodes: Node[] = Array.from({ length: 3 }, () => ({ now: new Map(), coming: [] }))
  let turn = 0
  return {
    learn(tables, atOnce = false) {
      for (const node of nodes) {
        const last = node.coming.at(-1)?.from ?? 0
        const from = clock.now() + (atOnce ? 0 : draw() * switches.rulesSpreadWithinMs)
        if (atOnce) node.coming = []
        node.coming.push({ from: atOnce ? from : Math.max(from, last), tables })
      }
    },
    next() {
      const node = nodes[turn++ % nodes.length] as Node
      while (node.coming[0] && node.coming[0].from <= clock.now()) {
        node.now = node.coming[0].tables
        node.coming.shift()
      }
      return node.now
    },
  }
}

interface Node {
  now: Tables
  /** Oldest first. */
  coming: { readonly from: number; readonly tables: Tables }[]
}
