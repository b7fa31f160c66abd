import type { Say } from './events.ts'
import { small } from './ids.ts'
import type { Database, Environment, Region } from './region.ts'
import { option, type Settings } from './settings.ts'
import type { Until } from './timeline.ts'

/** Seconds that a new database takes. [log] 6 to 11 min [DG:using-features.managing.db] "about 10 minutes" */
const creationSeconds = 400

/** Whether a configuration has a database inside the environment. [DG:command-options-general aws:rds:dbinstance] */
export function wantsDatabase(settings: Settings): boolean {
  return option(settings, namespace, 'HasCoupledDatabase') === 'true'
}

/** Makes a new, empty database and couples it to the environment: also for a clone and a rebuild. [log] */
export async function createDatabase(
  region: Region,
  environment: Environment,
  { line, until }: { readonly line: Say; readonly until: Until },
): Promise<void> {
  const name = `awseb-${environment.id}-stack-awsebrdsdatabase-${small(region.cloud.random, 12)}`
  line.info(`Creating RDS database named: ${name}. This may take a few minutes.`)
  await until(creationSeconds)
  line.info(`Created RDS database named: ${name}`)
  coupleDatabase(region, environment, name)
}

/** Couples a database that is there at once. */
export function coupleDatabase(region: Region, environment: Environment, name: string): void {
  const database: Database = {
    name,
    environment: environment.id,
    createdAt: region.cloud.clock.now(),
    state: 'coupled',
  }
  region.databases.push(database)
  environment.database = database
}

/**
 * What becomes of the database of an environment that ends or decouples it: DBDeletionPolicy of the configuration that is deployed.
 * [DG:using-features.managing.db] The lines and the times are assumed.
 */
export async function releaseDatabase(
  environment: Environment,
  { line, until }: { readonly line: Say; readonly until: Until },
): Promise<void> {
  const { database } = environment
  if (!database) return
  environment.database = undefined
  const policy = option(environment.settings, namespace, 'DBDeletionPolicy')
  if (policy === 'Retain') {
    database.state = 'retained'
    line.info(`Retained RDS database named: ${database.name}`)
    return
  }
  if (policy === 'Snapshot') line.info(`Creating a snapshot of RDS database named: ${database.name}`)
  await until(180)
  database.state = policy === 'Snapshot' ? 'snapshot' : 'deleted'
  line.info(`Deleted RDS database named: ${database.name}`)
}

/** How the application finds its database. [DG:using-features.managing.db] */
export function databaseVariables(
  { cloud }: Region,
  { database, settings }: Environment,
): Readonly<Record<string, string>> {
  if (!database) return {}
  const isPostgres = option(settings, namespace, 'DBEngine') === 'postgres'
  return {
    RDS_HOSTNAME: `${database.name}.${cloud.account}.${cloud.region}.rds.amazonaws.com`,
    RDS_PORT: isPostgres ? '5432' : '3306',
    RDS_DB_NAME: 'ebdb',
    RDS_USERNAME: option(settings, namespace, 'DBUser') || 'ebroot',
    RDS_PASSWORD: option(settings, namespace, 'DBPassword'),
  }
}

const namespace = 'aws:rds:dbinstance'
