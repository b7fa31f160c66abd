import type { Environment } from '../environment.ts'
import { isVariable } from '../verification-only.ts'
import type { Option } from './same-option.ts'

/** An option's value, and the environment that has it. */
export interface Value {
  readonly of: Environment
  /** Absent is as good as blank: Beanstalk shows many options that nobody set. */
  readonly text: string
}

/** Do two environments have the same in this option, but for what is each one's own? */
export function isAlike(option: Option, one: Value, other: Value): boolean {
  if (general(one) === general(other)) return true
  const [here, there] = [partsOf(option, one), partsOf(option, other)]
  return here.join() === there.join() || areGenerated(option, here, there)
}

/** What of a value is not the environment's own: parts of lists with its id or its own address are left out. */
export const withoutOwn = (text: string, of: Environment): string =>
  text
    .split(',')
    .filter((part) => !isOwn(part, of))
    .join(',')

/** Does an environment have at least this? A list of security groups has the generated one, too. */
export function hasAlready(option: Option, wanted: string, has: Value): boolean {
  const [want, there] = [partsOf(option, { ...has, text: wanted }), partsOf(option, has)]
  if (!isGroups(option)) return want.join() === there.join()
  const more = there.filter((group) => !want.includes(group))
  return want.every((group) => there.includes(group)) && more.length <= 1 && more.every(isGroupId)
}

/** Both lists name security groups that the other has not: which of them Beanstalk generated, their ids do not tell. */
export function isUnclear(option: Option, one: Value, other: Value): boolean {
  const [here, there] = unshared(partsOf(option, one), partsOf(option, other))
  return isGroups(option) && here.some(isGroupId) && there.some(isGroupId)
}

/** The value as it would be of any environment. */
const general = ({ text, of: { id, endpoint, cname, name } }: Value): string =>
  [cname, endpoint, id, name].reduce<string>(
    (now, own) => (own === undefined ? now : now.replaceAll(own, '*')),
    text,
  )

/** In the order of the alphabet, where the order means nothing; an environment property means what it says. */
function partsOf(option: Option, { text, of }: Value): readonly string[] {
  if (isVariable(option)) return [withoutOwn(text, of)]
  return withoutOwn(text, of)
    .split(',')
    .map((part) => part.trim())
    .map((part) => (/^(true|false)$/i.test(part) ? part.toLowerCase() : part))
    .filter((part) => part !== '')
    .sort()
}

const isOwn = (part: string, { id, endpoint }: Environment): boolean =>
  part.includes(id) || (endpoint !== undefined && part.includes(endpoint))

/** In a VPC the group that Beanstalk makes for an environment is shown by an id that says nothing (assumed; A.8). */
function areGenerated(option: Option, one: readonly string[], other: readonly string[]): boolean {
  const [here, there] = unshared(one, other)
  return isGroups(option) && here.length === 1 && there.length === 1 && [...here, ...there].every(isGroupId)
}

const unshared = (one: readonly string[], other: readonly string[]) =>
  [one.filter((part) => !other.includes(part)), other.filter((part) => !one.includes(part))] as const

const isGroups = ({ name }: Option): boolean => name === 'SecurityGroups' || name === 'ManagedSecurityGroup'

const isGroupId = (part: string): boolean => /^sg-[0-9a-f]+$/.test(part)
