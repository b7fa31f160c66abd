import { pullRequestOf } from './event.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What the job is about, as GitHub says it. */
export interface Context {
  readonly repo: { readonly owner: string; readonly repo: string }
  /** The commit that people look at: a pull request's own, not the trial merge that the job runs on. */
  readonly commit: string
  readonly pullRequest: number | undefined
  /** GitHub gives such a job a token that may only read, whatever `permissions` says. */
  readonly isFromFork: boolean
}

/** Reads it from the environment and the event; undefined outside of a workflow. Never throws. */
export function contextOf(environment: Variables): Context | undefined {
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/')
  const pull = pullRequestOf(environment)
  const commit = pull?.commit ?? environment.GITHUB_SHA ?? ''
  if (owner === '' || repo === '' || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined
  return {
    repo: { owner, repo },
    commit,
    pullRequest: pull?.number,
    isFromFork: pull?.isFromFork ?? false,
  }
}
