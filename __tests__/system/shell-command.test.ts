import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shellCommand } from '../../src/system/shell-command.ts'

describe("the user's test command", () => {
  let folder: string
  let lines: string[]
  let heard: (line: string) => void
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tests-'))
    lines = []
    heard = () => {}
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const run = (
    command: string,
    rest: Partial<{
      shell: string
      within: number
      signal: AbortSignal
      variables: Record<string, string>
      environment: Record<string, string>
    }> = {},
  ) =>
    shellCommand({
      environment: { PATH: process.env.PATH, RUNNER_TEMP: folder, ...rest.environment },
      write: (line) => {
        lines.push(line)
        heard(line)
      },
    }).run({
      command,
      shell: rest.shell ?? 'bash',
      variables: rest.variables ?? {},
      within: rest.within ?? 600_000,
      signal: rest.signal ?? new AbortController().signal,
    })

  /** Is anything left in the process group of the shell that wrote its own process id? */
  const isAlive = (pid: string | undefined) => {
    try {
      process.kill(-Number(pid), 0)
      return true
    } catch {
      return false
    }
  }
  const written = (name: string) => lines.find((line) => line.startsWith(`| ${name}=`))?.split('=')[1]
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      heard = (line) => line.includes(text) && resolve()
    })

  it('passes with status 0 and fails with any other', async () => {
    expect(await run('true')).toMatchObject({ is: 'passed' })
    expect(await run('exit 3')).toEqual({ is: 'failed', says: 'exit status 3' })
    expect(await run('kill -KILL $$')).toEqual({ is: 'failed', says: 'ended by SIGKILL' })
  })

  it('fails at its first failing line, and in the middle of a pipe, as a run step does', async () => {
    expect(await run('false\ntrue')).toMatchObject({ is: 'failed' })
    expect(await run('false | cat')).toMatchObject({ is: 'failed' })
  })

  it('runs under the shell that is asked for', async () => {
    expect(await run('false | true', { shell: 'sh' })).toMatchObject({ is: 'passed' })
    await run('import sys; print("python", sys.version_info.major)', { shell: 'python3 -u {0}' })
    expect(lines).toEqual(['| python 3'])
  })

  it('holds together what stands in quotes in a template of a shell', async () => {
    await run('echo unused', { shell: `bash -c "echo two  words; cat {0}"` })
    expect(lines).toEqual(['| two words', '| echo unused'])
  })

  it('says so when the shell is not there, or none', async () => {
    const absent = await run('true', { shell: 'no-such-shell {0}' })
    expect(absent).toEqual({ is: 'failed', says: '`no-such-shell` was not found on this runner' })
    const unknown = await run('true', { shell: 'fish' })
    expect(unknown).toEqual({ is: 'failed', says: '`fish` is not a shell that is known here' })
  })

  it('gets values by variables only, whatever they contain', async () => {
    const value = `$(touch ${folder}/owned) \`id\` "; exit 1`
    expect(await run('echo "$VERSION"', { variables: { VERSION: value } })).toMatchObject({ is: 'passed' })
    expect(lines).toEqual([`| ${value}`])
    expect(await readdir(folder)).toEqual([])
  })

  it('sees what a run step would see, and nothing that only actions get', async () => {
    const environment = {
      'INPUT_TEST-COMMAND': '1',
      STATE_nonce: '1',
      ACTIONS_RUNTIME_TOKEN: '1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: '1',
      ACTIONS_ID_TOKEN_REQUEST_URL: '1',
      GITHUB_STATE: '1',
      AWS_ACCESS_KEY_ID: '1',
      GITHUB_OUTPUT: '1',
      RUNNER_TRACKING_ID: '1',
    }
    await run('env', { environment, variables: { CANDIDATE_URL: 'http://x' } })
    const names = lines.map((line) => line.slice(2).split('=')[0])
    const own = ['PWD', 'SHLVL', '_', 'PATH', 'RUNNER_TEMP']
    expect(names.filter((name) => !own.includes(name ?? '')).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'CANDIDATE_URL',
      'GITHUB_OUTPUT',
      'RUNNER_TRACKING_ID',
    ])
  })

  it('begins in the workspace', async () => {
    await run('pwd -P', { environment: { GITHUB_WORKSPACE: '/' } })
    expect(lines).toEqual(['| /'])
  })

  it('can give no command to the runner by its output', async () => {
    await run(`printf '::set-output name=outcome::promoted\\n  ::error::no\\na ##[add-mask]b\\r::x::\\n'`)
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line).toMatch(/^\| /)
      expect(line).not.toContain('##[')
    }
  })

  it('shows a last line without an end, and letters that came in two parts', async () => {
    await run(`printf '\\xc3'; printf '\\xbc last'`)
    expect(lines).toEqual(['| ü last'])
  })

  it('keeps no endless line in memory', async () => {
    await run(`head -c 100000 /dev/zero | tr '\\0' x`)
    expect(lines.length).toBeGreaterThan(5)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16 * 1024 + 2)
  })

  it('leaves no file behind', async () => {
    await run('ls "$RUNNER_TEMP"')
    expect(lines).toHaveLength(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('is ended with everything it started when its time is over', async () => {
    const result = await run('echo group=$$; sleep 1000 & sleep 1000', { within: 200 })
    expect(result.is).toBe('timed out')
    expect(written('group')).toBeDefined()
    expect(isAlive(written('group'))).toBe(false)
  })

  it('is ended with everything it started when it is cancelled', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const ready = said('ready')
    const running = run('echo group=$$; sleep 1000 & echo ready; wait', { signal: controller.signal })
    await ready
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(isAlive(written('group'))).toBe(false)
  })

  it('does not begin when it is cancelled already', async () => {
    const reason = new Error('cancelled')
    await expect(
      run('true', {
        signal: AbortSignal.abort(reason),
        environment: { RUNNER_TEMP: '/not/there' },
      }),
    ).rejects.toBe(reason)
  })

  it('may end politely when it is ended', async () => {
    const controller = new AbortController()
    const ready = said('ready')
    const command = 'trap "echo tidied up; exit 1" TERM; echo ready; while :; do sleep 0.05; done'
    const running = run(command, { signal: controller.signal }).catch(() => {})
    await ready
    controller.abort()
    await running
    expect(lines).toContain('| tidied up')
  })

  it('leaves nothing running in the background when it has ended', async () => {
    expect(await run('echo group=$$; sleep 1000 > /dev/null 2>&1 &')).toMatchObject({ is: 'passed' })
    expect(isAlive(written('group'))).toBe(false)
  })

  it('that floods its output is read to its end, and ends as it says', async () => {
    const seen = await run('for i in $(seq 20000); do echo "line $i"; done; exit 7')
    expect(seen).toEqual({ is: 'failed', says: 'exit status 7' })
    expect(lines).toHaveLength(20_000)
    expect(lines.at(-1)).toBe('| line 20000')
  })

  it('that forks a pack of children is ended with all of them', async () => {
    const command = 'echo group=$$; for i in $(seq 40); do (sleep 1000 & sleep 1000) & done; wait'
    expect((await run(command, { within: 300 })).is).toBe('timed out')
    expect(isAlive(written('group'))).toBe(false)
  })

  it.skipIf(process.platform !== 'linux')(
    'whose child went off into a session of its own is not waited for',
    async () => {
      const seen = await run('setsid sh -c "echo child=\\$\\$; exec sleep 1000" & sleep 0.2')
      expect(seen).toMatchObject({ is: 'passed' })
      // It keeps the output open. GitHub's runner ends what is left of a job.
      expect(isAlive(written('child'))).toBe(true)
      process.kill(Number(written('child')), 'SIGKILL')
    },
  )
})
