import { setTimeout as pause } from 'node:timers/promises'

const every = 100

/**
 * Ends a process and everything it started, as long as that stayed in its process group: SIGTERM, and SIGKILL for
 * what is still there after
 * `patience` ms. The process must have been started detached, as the leader of its group.
 */
export async function endGroup(leader: number, patience = 5_000): Promise<void> {
  if (!send(leader, 'SIGTERM')) return
  for (let waited = 0; waited < patience; waited += every) {
    if (!send(leader, 0)) return
    await pause(every)
  }
  send(leader, 'SIGKILL')
}

/** Answers false when there is nobody left. */
function send(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal)
    return true
  } catch {
    return false
  }
}
