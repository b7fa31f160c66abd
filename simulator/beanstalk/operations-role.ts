import { findEnvironment } from './find.ts'
import type { Region } from './region.ts'

/** `AssociateEnvironmentOperationsRole`: shown as OperationsRole; nobody's permissions are checked here. [BC:elasticbeanstalk] */
export function associateEnvironmentOperationsRole(
  region: Region,
  { EnvironmentName, OperationsRole }: { EnvironmentName: string; OperationsRole: string },
): undefined {
  findEnvironment(region, { EnvironmentName }).operationsRole = OperationsRole
}

/** `DisassociateEnvironmentOperationsRole`. [BC:elasticbeanstalk] */
export function disassociateEnvironmentOperationsRole(
  region: Region,
  { EnvironmentName }: { EnvironmentName: string },
): undefined {
  findEnvironment(region, { EnvironmentName }).operationsRole = undefined
}
