import type { Cloud } from '../cloud.ts'

/** What of Beanstalk's has an ARN. */
export type ArnKind = 'application' | 'applicationversion' | 'configurationtemplate' | 'environment'

/** For example `arn:aws:elasticbeanstalk:us-east-1:123456789012:environment/shop/blue`. [BC:elasticbeanstalk] */
export function arnOf(cloud: Pick<Cloud, 'region' | 'account'>, kind: ArnKind, ...path: string[]): string {
  return `arn:aws:elasticbeanstalk:${cloud.region}:${cloud.account}:${[kind, ...path].join('/')}`
}
