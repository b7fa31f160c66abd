import { Failure } from './errors.ts'
import type { Run } from './run.ts'

/** Without a live environment there is nothing to be like, and nothing to take over from. */
export const nothingLive = ({ settings }: Run): Failure =>
  new Failure(
    `Neither environment exists: there is nothing live that ${settings.version} could be compared with or take over from.`,
    [
      {
        why: 'Begin with `operation: deploy`: it creates the first environment, with the production address.',
      },
    ],
  )
