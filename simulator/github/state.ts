/** One status of a deployment. */
export interface DeploymentStatus {
  readonly id: number
  readonly state: string
  readonly description: string
  readonly environment: string
  readonly environment_url: string
  readonly log_url: string
  readonly created_at: string
}

export interface Deployment {
  readonly repository: string
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string
  readonly payload: unknown
  readonly transient_environment: boolean
  readonly production_environment: boolean
  readonly created_at: string
  /** Oldest first. */
  readonly statuses: DeploymentStatus[]
}

export interface CheckRun {
  readonly repository: string
  readonly id: number
  readonly head_sha: string
  name: string
  status: string
  conclusion: string | null
  details_url: string
  external_id: string
  started_at: string | null
  completed_at: string | null
  output: { title: string; summary: string; text: string | null }
  readonly annotations: Readonly<Record<string, unknown>>[]
}

export interface Comment {
  readonly repository: string
  readonly id: number
  /** Of the issue or pull request. */
  readonly number: number
  body: string
  readonly user: string
  readonly created_at: string
  updated_at: string
}

/** Everything that this GitHub remembers. */
export interface GithubState {
  readonly deployments: Deployment[]
  readonly checks: CheckRun[]
  readonly comments: Comment[]
  /** Numbers of pull requests that are closed; every other one is open. */
  readonly closed: Set<number>
  nextId: number
}

export const newState = (): GithubState => ({
  deployments: [],
  checks: [],
  comments: [],
  closed: new Set(),
  nextId: 1,
})

/** As GitHub writes times. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** What this GitHub knows as a commit: a whole SHA. */
export const isCommit = (ref: string): boolean => /^[0-9a-f]{40}$/.test(ref)
