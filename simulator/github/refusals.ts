import type { GithubAnswer } from './request.ts'

const docs = 'https://docs.github.com/rest'

/** A refusal of GitHub's: message, documentation, and the status once more as a text, as api.github.com answers. */
export const refusal = (
  status: number,
  message: string,
  more: { readonly page?: string; readonly errors?: readonly unknown[] } = {},
): GithubAnswer => ({
  status,
  body: {
    message,
    ...(more.errors && { errors: more.errors }),
    documentation_url: more.page ? `${docs}/${more.page}` : docs,
    status: String(status),
  },
})

/** What a route throws when it says no. */
export class Refusal extends Error {
  readonly answer: GithubAnswer
  constructor(answer: GithubAnswer) {
    super(String((answer.body as { message?: unknown }).message))
    this.answer = answer
  }
}

/** 422 for a body that does not fit the schema, with every complaint. */
export const invalidRequest = (complaints: readonly string[], page: string): GithubAnswer =>
  refusal(422, `Invalid request.\n\n${complaints.join('\n')}`, { page })

/** 422 for a value that fits the schema and breaks a rule. */
export const validationFailed = (
  error: {
    readonly resource: string
    readonly field: string
    readonly code: string
    readonly message?: string
  },
  page: string,
): GithubAnswer => refusal(422, 'Validation Failed', { page, errors: [error] })

export const notFound = (page?: string): GithubAnswer => refusal(404, 'Not Found', page ? { page } : {})

/** What a token without the permission is told. */
export const forbidden = (page: string): GithubAnswer =>
  refusal(403, 'Resource not accessible by integration', { page })
