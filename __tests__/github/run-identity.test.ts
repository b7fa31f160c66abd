import { describe, expect, it } from 'vitest'
import { issuesOf, runIdentity } from '../../src/github/run-identity.ts'

const environment = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SERVER_URL: 'https://git.acme.test/',
}

describe('who works', () => {
  it('is repository, run and attempt, with a link to it', () => {
    expect(runIdentity(environment)).toEqual({
      run: 'acme/shop run 42 attempt 2',
      link: 'https://git.acme.test/acme/shop/actions/runs/42/attempts/2',
    })
  })

  it('is who and where outside of a workflow', () => {
    expect(runIdentity({})).toEqual({ run: expect.stringMatching(/^.+@.+$/), link: undefined })
  })

  it('is told of at the repository that the action comes from', () => {
    const from = { ...environment, GITHUB_ACTION_REPOSITORY: 'other/action' }
    expect(issuesOf(from)).toBe('https://git.acme.test/other/action/issues')
    expect(issuesOf({})).toBeUndefined()
  })
})
