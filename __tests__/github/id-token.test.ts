import { expect, it } from 'vitest'
import { Refused, Unreachable } from '../../src/deployment/errors.ts'
import { idToken } from '../../src/github/id-token.ts'

const allowed = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret' }

it('is GitHub’s word, addressed to whom it is meant for', async () => {
  const toolkit = { getIDToken: async (audience: string) => `token for ${audience}` }
  expect(await idToken(toolkit, allowed, 'sts.amazonaws.com')).toBe('token for sts.amazonaws.com')
})

it('is refused to a job without the permission, with the line that is missing', async () => {
  const toolkit = { getIDToken: async () => 'never' }
  for (const missing of Object.keys(allowed)) {
    const failure: Refused = await idToken(toolkit, { ...allowed, [missing]: undefined }, 'aws').then(
      () => Promise.reject(new Error('given')),
      (thrown) => thrown,
    )
    expect(failure).toBeInstanceOf(Refused)
    expect(failure.remedies[0]?.why).toContain('`id-token: write`')
  }
})

it('may come later when GitHub does not answer now', async () => {
  const toolkit = { getIDToken: () => Promise.reject(new Error('socket hang up')) }
  await expect(idToken(toolkit, allowed, 'aws')).rejects.toThrow(Unreachable)
})
