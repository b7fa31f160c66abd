import { spawn } from 'node:child_process'

/** Ends process groups when the simulator cannot do it itself any more. */
export interface Reaper {
  watch(group: number): void
  forget(group: number): void
  /** Ends what is still watched, and the reaper itself. */
  close(): void
}

/**
 * A shell that reads group ids from a pipe. The pipe closes with the simulator, however that dies (Ctrl-C, SIGTERM,
 * SIGKILL, a crash), and then the shell kills every group it was told of: no handler for signals is needed, and no
 * application outlives the simulator.
 */
export function startReaper(): Reaper {
  // A group of its own, so that Ctrl-C in a terminal does not reach it before it has done its work.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.unref()
  shell.stdin.on('error', () => {})
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref()
  return {
    watch: (group) => void shell.stdin.write(`watch ${group}\n`),
    forget: (group) => void shell.stdin.write(`forget ${group}\n`),
    close: () => void shell.stdin.end(),
  }
}

const SCRIPT = `
groups=
while read -r what group; do
  rest=
  for one in $groups; do [ "$one" = "$group" ] || rest="$rest $one"; done
  groups=$rest
  [ "$what" = forget ] || groups="$groups $group"
done
for one in $groups; do kill -s KILL -- "-$one" 2>/dev/null; done
`
