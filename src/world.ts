import type { Clock, Probe, Tests } from './deployment/ports.ts'
import type { Library } from './github/client.ts'
import type { UserCommand } from './system/user-command.ts'

/** The part of `@actions/core` that is used; a test hands in its own. */
export interface Toolkit {
  getInput(name: string): string
  setOutput(name: string, value: string): void
  setFailed(message: string): void
  saveState(name: string, value: string): void
  getState(name: string): string
  info(message: string): void
  /** At a place in a file of the workspace, if one is given. */
  error(
    message: string,
    at?: { readonly title?: string; readonly file?: string; readonly startLine?: number },
  ): void
  warning(message: string): void
  notice(message: string): void
  startGroup(title: string): void
  endGroup(): void
  setSecret(secret: string): void
  /** GitHub's word for who this job is, addressed to `audience`. Throws where the job may not have one. */
  getIDToken(audience: string): Promise<string>
  /** Appends Markdown to the job's summary; does nothing where there is none. */
  writeSummary(markdown: string): Promise<void>
}

/** Everything that comes from outside the product. One is handed in at the top; tests hand in theirs. */
export interface World {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** The process's environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly toolkit: Toolkit
  /** How the AWS clients send requests; absent: by HTTP. */
  readonly awsRequestHandler?: AwsRequestHandler
  /** Loads the client of GitHub's API; absent: GitHub is told nothing. */
  readonly github?: () => Promise<Library>
  readonly probe: Probe
  readonly tests: Tests
  /** Runs a command of the user's that is asked something, as it would a `run:` step. */
  readonly command: UserCommand
  readonly download: Download
  /** Aborted, with Cancelled as its reason, when the user or the runner cancels. */
  readonly cancelled: AbortSignal
}

/** Reads the text at an address, of at most so many bytes. Throws without the address, which may be a secret. */
export type Download = (
  url: string,
  limits: { readonly signal: AbortSignal; readonly longest: number },
) => Promise<string>

/** What the AWS SDK calls a request handler, as far as it matters here. */
export interface AwsRequestHandler {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own request and response types, which only aws/ knows
  handle(request: any, options?: any): Promise<any>
}
