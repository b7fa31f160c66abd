import type { Environment } from '../environment.ts'
import type { OptionSetting } from '../ports.ts'
import { isForVerificationOnly, isSign, isVariable } from '../verification-only.ts'
import { isAlike, isUnclear, withoutOwn } from './alike.ts'
import { byKey, keyOf, type Option } from './same-option.ts'

/** An option that live and candidate have differently; undefined where it is not set. Values may be secrets. */
export interface OptionDrift extends Option {
  readonly live: string | undefined
  readonly candidate: string | undefined
  /** It cannot be told what of it live has of its own. */
  readonly isUnclear: boolean
}

/** What the candidate is configured differently in from what is live. */
export interface Drift {
  readonly options: readonly OptionDrift[]
  readonly platform: { readonly live: string; readonly candidate: string } | undefined
}

/** An environment and the options that it runs with. */
export interface Configured {
  readonly environment: Environment
  readonly options: readonly OptionSetting[]
}

/** How the candidate's configuration differs from live's. What the inputs set themselves is wanted, and no drift. */
export function driftOf(live: Configured, candidate: Configured, own: readonly Option[]): Drift {
  const [here, there, wanted] = [byKey(live.options), byKey(candidate.options), byKey(own)]
  const isCompared = (option: Option) =>
    !wanted.has(keyOf(option)) && !isLeftOut(option) && !(isVariable(option) && isPropertyless(candidate))
  const known = new Map([...there, ...here])
  const [one, other] = [live.environment.platform, candidate.environment.platform]
  return {
    options: [...known]
      .filter(([, option]) => isCompared(option))
      .flatMap(([key, option]) => {
        const of = (side: Configured, found: OptionSetting | undefined) => ({
          of: side.environment,
          text: found?.value ?? '',
        })
        const [mine, its] = [of(live, here.get(key)), of(candidate, there.get(key))]
        const value = withoutOwn(mine.text, mine.of)
        // All of it is live's own: it says nothing about what the candidate should have.
        if (isAlike(option, mine, its) || (value === '' && mine.text !== '')) return []
        return {
          ...option,
          live: value || undefined,
          candidate: its.text || undefined,
          isUnclear: isUnclear(option, mine, its),
        }
      })
      .sort((first, second) => (keyOf(first) < keyOf(second) ? -1 : 1)),
    platform:
      one !== undefined && other !== undefined && one !== other ? { live: one, candidate: other } : undefined,
  }
}

/** Is there none? */
export const isNone = ({ options, platform }: Drift): boolean =>
  options.length === 0 && platform === undefined

/** Made without live's environment properties, which are not for what runs there. */
const isPropertyless = ({ environment, options }: Configured): boolean =>
  isForVerificationOnly(environment) || options.some(isSign)

/**
 * Capacity is looked after otherwise; how a version is deployed is an environment's own affair, and so is what Beanstalk
 * itself makes of it: parameters of its stack, the topic of its notifications. A database inside is refused before; what
 * is left of one that was decoupled must not come back elsewhere. [DG:command-options-general]
 */
const isLeftOut = ({ namespace, name }: Option): boolean =>
  namespace === 'aws:cloudformation:template:parameter' ||
  namespace.startsWith('aws:rds:') ||
  leftOut[namespace]?.includes(name) === true

const leftOut: Readonly<Record<string, readonly string[]>> = {
  'aws:autoscaling:asg': ['MinSize', 'MaxSize'],
  'aws:elasticbeanstalk:command': ['DeploymentPolicy', 'BatchSize', 'BatchSizeType'],
  'aws:elasticbeanstalk:sns:topics': ['Notification Topic ARN', 'Notification Topic Name'],
}
