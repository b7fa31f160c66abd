import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userCommand } from '../../src/system/user-command.ts'

describe('a command that is asked something', () => {
  let folder: string
  let lines: string[]
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'))
    lines = []
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const ask = (
    command: string,
    rest: { within?: number; signal?: AbortSignal; prints?: 'into the log' } = {},
  ) =>
    userCommand({
      environment: {
        PATH: process.env.PATH,
        RUNNER_TEMP: folder,
        DNS_TOKEN: 'of-the-step',
        'INPUT_GITHUB-TOKEN': 'ours',
        ACTIONS_RUNTIME_TOKEN: 'the-runners',
      },
      write: (line) => void lines.push(line),
    })({
      command,
      prints: rest.prints ?? 'an answer',
      shell: 'bash',
      variables: { BLUE_WEIGHT: '$(echo 90)' },
      within: rest.within ?? 600_000,
      signal: rest.signal ?? new AbortController().signal,
    })

  it('answers by what it prints, and what it says on stderr is in the log, where nothing of it is a command', async () => {
    const ran = await ask('echo \'{"shop-blue":\'; echo "100}"; echo ::error::no >&2')
    expect(ran).toMatchObject({ is: 'passed', printed: '{"shop-blue":\n100}\n', lastLine: '::error::no' })
    expect(lines).toEqual(['| ::error::no'])
  })

  it('that is told something prints into the log', async () => {
    const ran = await ask('echo done', { prints: 'into the log' })
    expect(ran).toMatchObject({ is: 'passed', printed: '', lastLine: 'done' })
    expect(lines).toEqual(['| done'])
  })

  it('gets values by variables, the tokens of its step, and none of ours', async () => {
    const { printed } = await ask('echo "$BLUE_WEIGHT $DNS_TOKEN"; env')
    expect(printed).toMatch(/^\$\(echo 90\) of-the-step\n/)
    expect(printed).not.toMatch(/ours|the-runners/)
  })

  it('keeps only the beginning of what is far too long', async () => {
    const { is, printed } = await ask('head -c 300000 /dev/zero | tr "\\0" "x" | fold -w 99')
    expect(is).toBe('passed')
    expect(printed.length).toBeLessThan(66_000)
  })

  it('is ended, with all that it started, when its time is over or the job is cancelled', async () => {
    expect(await ask('sleep 600 & sleep 600', { within: 200 })).toMatchObject({ is: 'timed out' })
    const cancelling = new AbortController()
    const asked = ask('echo begun >&2; sleep 600', { signal: cancelling.signal })
    cancelling.abort(new Error('cancelled'))
    await expect(asked).rejects.toThrow('cancelled')
    expect(await readdir(folder)).toEqual([])
  })
})
