import * as core from '@actions/core'
import type { Toolkit } from '../world.ts'

/** GitHub's own toolkit. Writes no summary where the runner gives no file for it. */
export function actionsToolkit(): Toolkit {
  return {
    getInput: (name) => core.getInput(name),
    setOutput: core.setOutput,
    setFailed: core.setFailed,
    saveState: core.saveState,
    getState: core.getState,
    info: core.info,
    error: (message, at) => core.error(message, at),
    warning: (message) => core.warning(message),
    notice: (message) => core.notice(message),
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    setSecret: core.setSecret,
    getIDToken: core.getIDToken,
    async writeSummary(markdown) {
      if (!process.env.GITHUB_STEP_SUMMARY) return
      await core.summary.addRaw(markdown, true).write()
    },
  }
}
