/** What a workflow may ask for in `permissions:`, as far as it matters here. */
export type Permission = 'deployments' | 'checks' | 'issues' | 'pull-requests'
export type Level = 'none' | 'read' | 'write'
export type Permissions = Readonly<Record<Permission, Level>>

/** Any one of these is enough. */
export type Needs = readonly (readonly [Permission, Exclude<Level, 'none'>])[]

export const everything: Permissions = {
  deployments: 'write',
  checks: 'write',
  issues: 'write',
  'pull-requests': 'write',
}

export const isAllowed = (permissions: Permissions, needs: Needs): boolean =>
  needs.some(([name, level]) => permissions[name] === 'write' || permissions[name] === level)

/** The header that says what would have been enough. */
export const acceptedPermissions = (needs: Needs): string =>
  needs.map(([name, level]) => `${name.replace('-', '_')}=${level}`).join('; ')

/** Reads `deployments=none,checks=read`; what is not named is as in `base`. Undefined when it cannot be read. */
export function readPermissions(text: string, base: Permissions = everything): Permissions | undefined {
  const given = text.split(',').map((one) => /^([a-z-]+)=(none|read|write)$/.exec(one.trim()))
  if (given.some((match) => match === null || !Object.hasOwn(everything, match[1] ?? ''))) return undefined
  return { ...base, ...Object.fromEntries(given.map((match) => [match?.[1], match?.[2]])) }
}
