import type { Outcome } from '../deployment/outcome.ts'
import type { Settings } from '../deployment/settings.ts'
import { beginCheck, type Checks, endCheck } from './checks.ts'
import type { Client } from './client.ts'
import { keepComment } from './comment.ts'
import type { Context } from './context.ts'
import { beginDeployment, endDeployment, showLive } from './deployments.ts'
import type { Deployments } from './known-deployments.ts'

/** What GitHub is told of. */
export interface Subject {
  readonly settings: Settings
  readonly region: string
  /** The name of the deployments' environment; undefined: there are to be none. */
  readonly environment: string | undefined
  /** Does the token belong to a person? */
  readonly isPersonal: boolean
}

/** A subject, and how GitHub is told of it. */
export interface Parts {
  readonly subject: Subject
  readonly client: Client
  readonly context: Context
  /** The job's page. */
  readonly log: string | undefined
}

/** What GitHub has been told already: the numbers of a deployment and of a check that are under way. */
export interface Told {
  readonly deployment?: number | undefined
  readonly check?: number | undefined
}

/** Does this operation change what GitHub shows? */
export const isTold = ({ settings }: Pick<Subject, 'settings'>): boolean =>
  !settings.dryRun && ['deploy', 'verify', 'promote', 'rollback', 'recover'].includes(settings.operation)

/** Tells that the work begins. */
export async function tellBeginning(parts: Parts): Promise<Told> {
  const [deployment, check] = await Promise.all([
    isDeployed(parts) ? beginDeployment(deploymentsIn(parts)) : undefined,
    isVerified(parts) ? beginCheck(checksIn(parts)) : undefined,
  ])
  return { deployment, check }
}

/** Tells how it ended. */
export async function tellEnding(parts: Parts, told: Told, outcome: Outcome): Promise<void> {
  await Promise.all([
    tellDeployments(parts, told, outcome),
    isVerified(parts) && endCheck(checksIn(parts), told.check, outcome),
    isCommented(parts) && keepComment(commentIn(parts), outcome),
  ])
}

async function tellDeployments(parts: Parts, { deployment }: Told, outcome: Outcome): Promise<void> {
  if (parts.subject.environment === undefined) return
  if (deployment !== undefined) return endDeployment(deploymentsIn(parts), deployment, outcome)
  if (movedBack(outcome)) await showLive(deploymentsIn(parts), outcome)
}

const isDeployed = ({ subject: { settings, environment } }: Parts): boolean =>
  environment !== undefined && ['deploy', 'promote'].includes(settings.operation)

const isVerified = ({ subject }: Parts): boolean => subject.settings.operation === 'verify'

const isCommented = ({ subject }: Parts): boolean => ['deploy', 'verify'].includes(subject.settings.operation)

/** A recovery that found nothing to settle has taken the lock, and no more. */
const movedBack = ({ operation, is, stages }: Outcome): boolean =>
  operation === 'rollback'
    ? ['restored', 'already-live'].includes(is)
    : is === 'recovered' && stages.length > 1

const deploymentsIn = ({ subject, client, context, log }: Parts): Deployments => ({
  client,
  context,
  deployed: {
    environment: subject.environment ?? '',
    pair: pairOf(subject),
    version: subject.settings.version,
    log,
  },
})

const checksIn = ({ subject, client, context, log }: Parts): Checks => ({
  client,
  context,
  application: subject.settings.application,
  log,
})

const commentIn = ({ subject, client, context, log }: Parts) => ({
  client,
  context,
  application: subject.settings.application,
  pair: pairOf(subject),
  log,
  isPersonal: subject.isPersonal,
})

/** The same in whichever order its members are given. */
const pairOf = ({ settings, region }: Subject): string =>
  [settings.application, ...[settings.blueEnvironment, settings.greenEnvironment].sort(), region].join(' ')
