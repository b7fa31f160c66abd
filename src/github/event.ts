import { readFileSync } from 'node:fs'

/** The pull request that a job is for, as far as it matters here. */
export interface PullRequest {
  readonly number: number | undefined
  /** Its own newest commit, not the trial merge that the job runs on. */
  readonly commit: string | undefined
  readonly isFromFork: boolean
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads GitHub's description of the event; undefined where it is no pull request. Never throws. */
export function pullRequestOf({ GITHUB_EVENT_PATH, GITHUB_REPOSITORY }: Variables): PullRequest | undefined {
  if (!GITHUB_EVENT_PATH || !GITHUB_REPOSITORY) return undefined
  try {
    const { pull_request } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')) as Event
    if (!pull_request) return undefined
    const { number, head } = pull_request
    const from = head?.repo?.full_name
    return {
      number: Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : undefined,
      commit: typeof head?.sha === 'string' ? head.sha : undefined,
      // The fork may have been deleted meanwhile.
      isFromFork: String(from).toLowerCase() !== GITHUB_REPOSITORY.toLowerCase(),
    }
  } catch {
    return undefined
  }
}

interface Event {
  readonly pull_request?: {
    readonly number?: unknown
    readonly head?: { readonly sha?: unknown; readonly repo?: { readonly full_name?: unknown } | null }
  }
}
