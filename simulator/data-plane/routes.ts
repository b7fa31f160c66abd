import type { Clock } from '../clock.ts'
import { type Targets, targetOfTurn } from './targets.ts'
import { createTrafficWindow, type TrafficWindow } from './traffic.ts'

/** The way from a front to the instances of one environment. */
export interface Route {
  /** What passed. */
  readonly window: TrafficWindow
  /** The instance that gets the next request; undefined when there is none. */
  next(): string | undefined
}

/** The ways to all environments. Several environments may be behind one front. */
export interface Routes {
  of(environment: string): Route
  set(environment: string, targets: Targets): void
  remove(environment: string): void
}

/** No ways yet: each begins with the first look at it, without targets. */
export function createRoutes(clock: Clock): Routes {
  const routes = new Map<string, Known>()
  const of = (environment: string): Known => {
    const route = routes.get(environment) ?? {
      window: createTrafficWindow(clock),
      targets: { instances: [] },
      turn: 0,
      next() {
        return targetOfTurn(this.targets, this.turn++)
      },
    }
    routes.set(environment, route)
    return route
  }
  return {
    of,
    set(environment, targets) {
      of(environment).targets = targets
    },
    remove(environment) {
      routes.delete(environment)
    },
  }
}

interface Known extends Route {
  targets: Targets
  turn: number
}
