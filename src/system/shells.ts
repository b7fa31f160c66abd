import { join } from 'node:path'

/** How a shell runs a script: the program with its arguments, and the file they expect. */
export interface Invocation {
  readonly program: string
  readonly parts: readonly string[]
  readonly file: string
  readonly script: string
}

/**
 * The way in which GitHub runs a `run:` step with this `shell`: a name, or a template of one's own with `{0}` for
 * the script's file. Undefined when it is neither.
 */
export function invocationOf(
  shell: string,
  { command, folder }: { readonly command: string; readonly folder: string },
): Invocation | undefined {
  const known = shells[shell] ?? templateOf(shell)
  if (!known) return undefined
  const file = join(folder, `script${known.extension}`)
  return {
    program: known.program,
    parts: known.parts.map((part) => part.replaceAll('{0}', () => file)),
    file,
    script: known.wrap?.(command) ?? command,
  }
}

interface Shell {
  readonly program: string
  readonly parts: readonly string[]
  readonly extension: string
  readonly wrap?: (command: string) => string
}

const shells: Readonly<Record<string, Shell>> = {
  bash: { program: 'bash', parts: ['--noprofile', '--norc', '-eo', 'pipefail', '{0}'], extension: '.sh' },
  sh: { program: 'sh', parts: ['-e', '{0}'], extension: '.sh' },
  python: { program: 'python', parts: ['{0}'], extension: '.py' },
  pwsh: {
    program: 'pwsh',
    parts: ['-command', ". '{0}'"],
    extension: '.ps1',
    wrap: (command) =>
      [
        "$ErrorActionPreference = 'stop'",
        command,
        'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }',
      ].join('\n'),
  },
}

/** Split at blanks; double quotes hold together. */
function templateOf(shell: string): Shell | undefined {
  if (!shell.includes('{0}')) return undefined
  const words = shell.match(/(?:[^\s"]+|"[^"]*")+/g) ?? []
  const [program = '', ...parts] = words.map((word) => word.replaceAll('"', ''))
  return { program, parts, extension: '' }
}
