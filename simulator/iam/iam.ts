import { AwsError, type Cloud, type Service } from '../cloud.ts'

/**
 * IAM, as far as clients make the roles and instance profiles of their environments themselves: the EB CLI does before it
 * creates one. Nothing is evaluated, and Beanstalk does not ask whether what it is given is here. [BC:iam] [CLI:ebcli/lib/iam.py]
 */
export function createIam(cloud: Cloud): Service {
  const roles = new Map<string, Role>()
  const profiles = new Map<string, Profile>()
  const findRole = (name: string) => roles.get(name) ?? missing(`The role with name ${name} cannot be found.`)
  const findProfile = (name: string) =>
    profiles.get(name) ?? missing(`Instance Profile ${name} cannot be found.`)
  const describe = (profile: Profile) => ({ ...profile, Roles: profile.Roles.map(({ answer }) => answer) })

  return {
    scope: 'iam',
    operations: {
      CreateRole({ RoleName, Path = '/', AssumeRolePolicyDocument, Description }) {
        if (roles.has(RoleName)) throw exists(`Role with name ${RoleName} already exists.`)
        const answer = {
          ...entity(cloud, { path: Path, name: RoleName, kind: 'role' }),
          RoleName,
          RoleId: idOf(cloud, 'AROA'),
          // "policies ... are URL-encoded compliant with RFC 3986." [BC:iam GetRole]
          AssumeRolePolicyDocument: encodeURIComponent(AssumeRolePolicyDocument),
          ...(Description !== undefined && { Description }),
        }
        roles.set(RoleName, { answer, attached: new Set() })
        return { Role: answer }
      },
      GetRole: ({ RoleName }) => ({ Role: findRole(RoleName).answer }),
      ListRoles: () => ({ Roles: [...roles.values()].map(({ answer }) => answer), IsTruncated: false }),
      AttachRolePolicy({ RoleName, PolicyArn }) {
        findRole(RoleName).attached.add(PolicyArn)
      },
      PutRolePolicy({ RoleName }) {
        findRole(RoleName)
      },
      ListAttachedRolePolicies: ({ RoleName }) => ({
        AttachedPolicies: [...findRole(RoleName).attached].map((PolicyArn) => ({
          PolicyName: PolicyArn.split('/').at(-1) ?? '',
          PolicyArn,
        })),
        IsTruncated: false,
      }),
      CreateInstanceProfile({ InstanceProfileName, Path = '/' }) {
        if (profiles.has(InstanceProfileName))
          throw exists(`Instance Profile ${InstanceProfileName} already exists.`)
        const profile: Profile = {
          ...entity(cloud, { path: Path, name: InstanceProfileName, kind: 'instance-profile' }),
          InstanceProfileName,
          InstanceProfileId: idOf(cloud, 'AIPA'),
          Roles: [],
        }
        profiles.set(InstanceProfileName, profile)
        return { InstanceProfile: describe(profile) }
      },
      GetInstanceProfile: ({ InstanceProfileName }) => ({
        InstanceProfile: describe(findProfile(InstanceProfileName)),
      }),
      ListInstanceProfiles: () => ({
        InstanceProfiles: [...profiles.values()].map(describe),
        IsTruncated: false,
      }),
      AddRoleToInstanceProfile({ InstanceProfileName, RoleName }) {
        const profile = findProfile(InstanceProfileName)
        const role = findRole(RoleName)
        // "An instance profile can contain only one role, and this quota cannot be increased." [BC:iam]
        if (profile.Roles.length > 0)
          throw new AwsError(
            'LimitExceeded',
            'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
            409,
          )
        profile.Roles.push(role)
      },
    },
  }
}

interface Role {
  readonly answer: Readonly<Record<string, unknown>>
  readonly attached: Set<string>
}

interface Profile {
  readonly InstanceProfileName: string
  readonly Roles: Role[]
  readonly [member: string]: unknown
}

function entity(cloud: Cloud, { path, name, kind }: { path: string; name: string; kind: string }) {
  return {
    Path: path,
    Arn: `arn:${partitionOf(cloud)}:iam::${cloud.account}:${kind}${path}${name}`,
    CreateDate: new Date(cloud.clock.now()),
  }
}

const partitionOf = ({ region }: Cloud) =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

const idOf = ({ random }: Cloud, prefix: string) =>
  prefix + Array.from({ length: 17 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('')

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const exists = (message: string) => new AwsError('EntityAlreadyExists', message, 409)

function missing(message: string): never {
  throw new AwsError('NoSuchEntity', message, 404)
}
