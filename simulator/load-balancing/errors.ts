import { AwsError } from '../cloud.ts'

/** `ValidationError` 400. */
export const invalid = (message: string): AwsError => new AwsError('ValidationError', message)

/** [BC:elbv2] The words are those that users see for names that do not exist. */
export const notFound = (kind: Kind, names: readonly string[] = []): AwsError =>
  new AwsError(
    `${kind.replace(/ (.)|^(.)/g, (_, one, other) => (one ?? other).toUpperCase())}NotFound`,
    names.length > 0 ? `${plural(kind)} '[${names.join(', ')}]' not found` : `One or more ${kind}s not found`,
  )

/** What there can be none of. */
export type Kind = 'load balancer' | 'target group' | 'listener' | 'rule'

const plural = (kind: Kind) => `${kind[0]?.toUpperCase()}${kind.slice(1)}s`
