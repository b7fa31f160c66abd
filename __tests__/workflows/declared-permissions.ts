import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Level, Permission, Permissions } from '../../simulator/github/permissions.ts'

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly permissions?: Readonly<Record<string, Level>> }>>
}

/** What a workflow's token may do: what its jobs ask for together, and nothing else. */
export async function declaredPermissions(
  file: string,
): Promise<{ readonly api: Permissions; readonly idToken: boolean }> {
  const { jobs }: Workflow = parse(await readFile(file, 'utf8'))
  const asked = Object.values(jobs).map(({ permissions }) => permissions ?? {})
  const levelOf = (name: Permission): Level =>
    (['write', 'read'] as const).find((level) => asked.some((one) => one[name] === level)) ?? 'none'
  return {
    api: {
      deployments: levelOf('deployments'),
      checks: levelOf('checks'),
      issues: levelOf('issues'),
      'pull-requests': levelOf('pull-requests'),
    },
    idToken: asked.some((one) => one['id-token'] === 'write'),
  }
}
