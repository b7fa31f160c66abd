import * as library from '@actions/github/lib/utils'
import { fetchOf } from '../../simulator/github/fetch.ts'
import type { LocalGithub } from '../../simulator/github/github.ts'
import type { Library } from '../../src/github/client.ts'

/** GitHub's own client, with a local GitHub at the other end. It is there at once: loading takes real time. */
export const libraryOf =
  (github: LocalGithub, within = fetchOf(github)) =>
  async (): Promise<Library> => ({
    ...library,
    defaults: { request: { fetch: within } },
  })
