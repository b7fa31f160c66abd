import type { OptionSetting } from '../ports.ts'

/** An option without its value. */
export type Option = Omit<OptionSetting, 'value'>

/**
 * What an option is known by. The resource's name belongs to it only with scheduled actions, of which there may be
 * several; elsewhere it is shown with some options and left out by those who set them. [BC:elasticbeanstalk ResourceName]
 */
export const keyOf = ({ namespace, name, resource }: Option): string =>
  [namespace, name, ...(hasNamesakes(namespace) ? [resource ?? ''] : [])].join('|')

/** An option as a request should name it. */
export const optionOf = ({ namespace, name, resource }: Option): Option => ({
  namespace,
  name,
  ...(hasNamesakes(namespace) && resource !== undefined && { resource }),
})

/** Options by what they are known by. */
export const byKey = <T extends Option>(options: readonly T[]): ReadonlyMap<string, T> =>
  new Map(options.map((option) => [keyOf(option), option]))

const hasNamesakes = (namespace: string): boolean => namespace === 'aws:autoscaling:scheduledaction'
