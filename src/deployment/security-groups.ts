import type { Remedy } from './errors.ts'

/**
 * The security groups that a termination could not delete, by what Beanstalk's events say: another group's rule still
 * names them [aws-semantics A.12]. Names and ids only, so that they may stand in a command.
 */
export function groupsInUse(events: readonly string[]): readonly string[] {
  const said = events.filter(
    (message) => /security group/i.test(message) && /failed|dependent/i.test(message),
  )
  const named = said.flatMap((message) => [
    ...message.matchAll(/\bsg-[0-9a-f]+\b/g),
    ...message.matchAll(/\bawseb-[\w-]*SecurityGroup[\w-]*/g),
  ])
  return [...new Set(named.map(([name]) => name))]
}

/** How to find out who refers to them. */
export function whoRefersTo(groups: readonly string[]): readonly Remedy[] {
  return groups.map((group) => {
    const filter = group.startsWith('sg-') ? 'ip-permission.group-id' : 'ip-permission.group-name'
    return {
      why: `Take the rule that names ${group} out of the security group that has it (often a database's):`,
      command: `aws ec2 describe-security-groups --filters Name=${filter},Values=${group} --query 'SecurityGroups[].[GroupId,GroupName]' --output table`,
    }
  })
}
