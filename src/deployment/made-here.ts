import type { Environment } from './environment.ts'

/** What an environment's description says when this action created it; the nonce tells by which run. */
export const signatureOf = ({ run, nonce }: { readonly run: string; readonly nonce: string }): string =>
  `Created by Beanstalk Blue/Green, ${run} (${nonce})`

/** Did this action create it? */
export const isMadeHere = ({ description }: Pick<Environment, 'description'>): boolean =>
  /^Created by Beanstalk Blue\/Green, .*\([a-z0-9]+\)/s.test(description)
