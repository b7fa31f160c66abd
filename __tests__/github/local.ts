import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import { createLocalGithub, type LocalGithub } from '../../simulator/github/github.ts'
import { type Client, createClient } from '../../src/github/client.ts'
import type { Context } from '../../src/github/context.ts'
import { libraryOf } from '../helpers/github-library.ts'

/** A client of a local GitHub, in virtual time. */
export interface Local {
  readonly github: LocalGithub
  readonly client: Client
  readonly clock: VirtualClock
  run<T>(work: Promise<T>): Promise<T>
}

/** On a pull request of the repository itself. */
export const context: Context = {
  repo: { owner: 'acme', repo: 'shop' },
  commit: 'a'.repeat(40),
  pullRequest: 7,
  isFromFork: false,
}

export function local(secrets: readonly string[] = []): Local {
  const clock = virtualClock()
  const github = createLocalGithub({ clock })
  const client = createClient({
    clock: {
      now: clock.now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const cancel = clock.at(clock.now() + ms, resolve)
          signal?.addEventListener('abort', () => {
            cancel()
            reject(signal.reason)
          })
        }),
    },
    token: 'ghs_of-the-job',
    apiUrl: 'https://api.github.test',
    secrets,
    load: libraryOf(github),
  })
  return { github, client, clock, run: (work) => clock.run(work) }
}
