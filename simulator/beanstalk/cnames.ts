import type { Region } from './region.ts'

/** `prefix.REGION.elasticbeanstalk.com`. [BC:elasticbeanstalk CheckDNSAvailability] */
export function fullName({ cloud }: Region, prefix: string): string {
  return `${prefix}.${cloud.region}.elasticbeanstalk.com`
}

/** Whether nobody has a name, and nobody had it until just now. */
export function isFree(region: Region, name: string): boolean {
  if ((region.heldNames.get(name.toLowerCase()) ?? 0) > region.cloud.clock.now()) return false
  return !isTaken(region, name)
}

/** Whether an environment has a name now. */
export function isTaken({ environments }: Region, name: string): boolean {
  const wanted = name.toLowerCase()
  return environments.some(({ status, cname }) => status !== 'Terminated' && cname?.toLowerCase() === wanted)
}

/** `CheckDNSAvailability`. [BC:elasticbeanstalk] */
export function checkDnsAvailability(region: Region, { CNAMEPrefix }: { CNAMEPrefix: string }) {
  const name = fullName(region, CNAMEPrefix)
  return { Available: isFree(region, name), FullyQualifiedCNAME: name }
}
