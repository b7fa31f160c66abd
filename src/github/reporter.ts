import type { Clock, Report } from '../deployment/ports.ts'
import { inWords } from '../deployment/wait-until.ts'
import type { Toolkit } from '../world.ts'
import { forAnnotation, forLog } from './text.ts'

/**
 * What is said while it happens, in the job's log: a group per stage with its time at the end, a line per change, an
 * annotation per warning. A group inside a group becomes a line, since GitHub knows no nested ones.
 */
export function createReport(toolkit: Toolkit, clock: Clock): Report {
  let depth = 0
  const line = (text: string) => {
    const indent = '  '.repeat(depth)
    for (const part of forLog(text).split('\n')) toolkit.info(`${indent}${part}`)
  }
  return {
    line,
    warn: (text) => toolkit.warning(forAnnotation(text)),
    async group(title, work) {
      if (depth === 0) toolkit.startGroup(forLog(title))
      else line(title)
      depth += 1
      const began = clock.now()
      let how = 'failed after'
      try {
        const result = await work()
        how = 'took'
        return result
      } finally {
        line(`${how} ${inWords(clock.now() - began)}`)
        depth -= 1
        if (depth === 0) toolkit.endGroup()
      }
    },
  }
}
