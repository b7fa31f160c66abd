import { expect, test } from 'vitest'
import { beanstalkWorld } from './beanstalk-world.ts'
import { rawQuery } from './raw-query.ts'

/** IAM as the EB CLI calls it; no SDK client for it is installed. */
function iamWorld() {
  const { simulator } = beanstalkWorld()
  return (Action: string, input: Readonly<Record<string, string>> = {}) =>
    rawQuery(simulator, { Action, Version: '2010-05-08', ...input }, 'iam')
}

const trust = '{"Version": "2012-10-17"}'
const role = { RoleName: 'web', AssumeRolePolicyDocument: trust }

test('a role is made once, and its trust policy comes back URL-encoded', async () => {
  const iam = iamWorld()
  const { status, text } = await iam('CreateRole', role)
  expect(status).toBe(200)
  expect(text).toContain('<Arn>arn:aws:iam::123456789012:role/web</Arn>')
  expect(await iam('GetRole', { RoleName: 'web' })).toMatchObject({
    text: expect.stringContaining(
      '<AssumeRolePolicyDocument>%7B%22Version%22%3A%20%222012-10-17%22%7D</AssumeRolePolicyDocument>',
    ),
  })
  expect(await iam('CreateRole', role)).toMatchObject({
    status: 409,
    text: expect.stringContaining(
      '<Code>EntityAlreadyExists</Code><Message>Role with name web already exists.</Message>',
    ),
  })
  expect(await iam('ListRoles')).toMatchObject({
    text: expect.stringMatching(/<Roles><member>.*<RoleName>web<.*<IsTruncated>false</),
  })
})

test('policies are attached to a role and listed', async () => {
  const iam = iamWorld()
  await iam('CreateRole', role)
  const PolicyArn = 'arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier'
  expect(await iam('AttachRolePolicy', { RoleName: 'web', PolicyArn })).toMatchObject({ status: 200 })
  await iam('PutRolePolicy', { RoleName: 'web', PolicyName: 'own', PolicyDocument: trust })
  expect(await iam('ListAttachedRolePolicies', { RoleName: 'web' })).toMatchObject({
    text: expect.stringContaining(
      `<member><PolicyName>AWSElasticBeanstalkWebTier</PolicyName><PolicyArn>${PolicyArn}</PolicyArn></member>`,
    ),
  })
})

test('an instance profile holds one role', async () => {
  const iam = iamWorld()
  await iam('CreateRole', role)
  const profile = { InstanceProfileName: 'web' }
  expect(await iam('CreateInstanceProfile', profile)).toMatchObject({ status: 200 })
  expect(await iam('CreateInstanceProfile', profile)).toMatchObject({
    status: 409,
    text: expect.stringContaining('Instance Profile web already exists.'),
  })
  const added = { ...profile, RoleName: 'web' }
  expect(await iam('AddRoleToInstanceProfile', added)).toMatchObject({ status: 200 })
  expect(await iam('AddRoleToInstanceProfile', added)).toMatchObject({
    status: 409,
    text: expect.stringContaining('<Code>LimitExceeded</Code>'),
  })
  for (const [Action, input] of [
    ['GetInstanceProfile', profile],
    ['ListInstanceProfiles', {}],
  ] as const) {
    expect(await iam(Action, input)).toMatchObject({
      text: expect.stringMatching(/<InstanceProfileName>web<.*<Roles><member>.*<RoleName>web</),
    })
  }
})

test('what is not there is NoSuchEntity, and what is not simulated is said', async () => {
  const iam = iamWorld()
  expect(await iam('GetRole', { RoleName: 'none' })).toMatchObject({
    status: 404,
    text: expect.stringContaining('The role with name none cannot be found.'),
  })
  expect(await iam('GetInstanceProfile', { InstanceProfileName: 'none' })).toMatchObject({ status: 404 })
  expect(await iam('CreateRole', { RoleName: 'a b', AssumeRolePolicyDocument: trust })).toMatchObject({
    status: 400,
    text: expect.stringContaining('Member must satisfy regular expression pattern'),
  })
  expect(await iam('DeleteRole', { RoleName: 'web' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('<Code>InvalidAction</Code>'),
  })
})
