import type { Limits } from '../wire/constraints.ts'
import type { OperationModel, QueryModel } from '../wire/models.ts'
import type { Member, Shape } from '../wire/shapes.ts'

/** The part of IAM's API that is simulated, written down by hand from its model: no SDK client for it is installed. [BC:iam] */
export const iamModel: QueryModel = {
  scope: 'iam',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  json: false,
  operation: (name) => (Object.hasOwn(operations, name) ? operations[name] : undefined),
}

const string: Shape = { kind: 'string' }
const name: Limits = { min: 1, max: 128, pattern: '[\\w+=,.@-]+' }
const roleName: Limits = { ...name, max: 64 }
const policyName: Limits = name
const arn: Limits = { min: 20, max: 2048 }
const path: Limits = { min: 1, max: 512 }
const document: Limits = { min: 1, max: 131_072 }

const tags = list(
  structure('Tag', { 'Key!': [string, { min: 1, max: 128 }], 'Value!': [string, { max: 256 }] }),
)
const role = structure('Role', {
  'Path!': [string, path],
  'RoleName!': [string, roleName],
  'RoleId!': [string, { min: 16, max: 128 }],
  'Arn!': [string, arn],
  'CreateDate!': [{ kind: 'timestamp' }],
  AssumeRolePolicyDocument: [string, document],
  Description: [string, { max: 1000 }],
})
const profile = structure('InstanceProfile', {
  'Path!': [string, path],
  'InstanceProfileName!': [string, name],
  'InstanceProfileId!': [string, { min: 16, max: 128 }],
  'Arn!': [string, arn],
  'CreateDate!': [{ kind: 'timestamp' }],
  'Roles!': [list(role)],
})
const page = {
  Marker: [string],
  MaxItems: [{ kind: 'number' }, { min: 1, max: 1000, integer: true }],
} as const
const truncated = { IsTruncated: [{ kind: 'boolean' }], Marker: [string] } as const

const operations: Readonly<Record<string, OperationModel>> = {
  AddRoleToInstanceProfile: does({
    'InstanceProfileName!': [string, name],
    'RoleName!': [string, roleName],
  }),
  AttachRolePolicy: does({ 'RoleName!': [string, roleName], 'PolicyArn!': [string, arn] }),
  CreateInstanceProfile: does(
    { 'InstanceProfileName!': [string, name], Path: [string, path], Tags: [tags] },
    { 'InstanceProfile!': [profile] },
  ),
  CreateRole: does(
    {
      Path: [string, path],
      'RoleName!': [string, roleName],
      'AssumeRolePolicyDocument!': [string, document],
      Description: [string, { max: 1000 }],
      Tags: [tags],
    },
    { 'Role!': [role] },
  ),
  GetInstanceProfile: does({ 'InstanceProfileName!': [string, name] }, { 'InstanceProfile!': [profile] }),
  GetRole: does({ 'RoleName!': [string, roleName] }, { 'Role!': [role] }),
  ListAttachedRolePolicies: does(
    { 'RoleName!': [string, roleName], PathPrefix: [string], ...page },
    {
      AttachedPolicies: [
        list(structure('AttachedPolicy', { PolicyName: [string, policyName], PolicyArn: [string, arn] })),
      ],
      ...truncated,
    },
  ),
  ListInstanceProfiles: does(
    { PathPrefix: [string], ...page },
    { 'InstanceProfiles!': [list(profile)], ...truncated },
  ),
  ListRoles: does({ PathPrefix: [string], ...page }, { 'Roles!': [list(role)], ...truncated }),
  PutRolePolicy: does({
    'RoleName!': [string, roleName],
    'PolicyName!': [string, policyName],
    'PolicyDocument!': [string, document],
  }),
}

/** A name that ends in `!` is required. */
type Members = Readonly<Record<string, readonly [shape: Shape, limits?: Limits]>>

function does(input: Members, output?: Members): OperationModel {
  return {
    input: structure('Request', input),
    output: output ? structure('Response', output) : { kind: 'unit' },
  }
}

function list(item: Shape): Shape {
  return { kind: 'list', item, itemName: 'member' }
}

function structure(shapeName: string, members: Members): Shape {
  const known = Object.entries(members).map(([marked, [shape, limits]]): [string, Member] => {
    const required = marked.endsWith('!')
    const xmlName = required ? marked.slice(0, -1) : marked
    return [xmlName, { shape, required, limits, xmlName, flattened: false, header: false }]
  })
  return { kind: 'structure', name: shapeName, xmlName: shapeName, members: new Map(known) }
}
