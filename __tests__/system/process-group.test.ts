import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { endGroup } from '../../src/system/process-group.ts'

describe('ending a process group', () => {
  it('kills what does not want to go', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    const exit = once(child, 'exit')
    await endGroup(child.pid as number, 200)
    expect((await exit)[1]).toBe('SIGKILL')
  })

  it('is content when nobody is left', async () => {
    const child = spawn('true', { detached: true })
    await once(child, 'exit')
    await expect(endGroup(child.pid as number)).resolves.toBeUndefined()
  })
})
