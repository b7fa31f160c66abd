import { describe, expect, it } from 'vitest'
import { whyNoAnswer } from '../../src/system/no-answer.ts'

const error = (code: string, message = 'technical words') => Object.assign(new Error(message), { code })

describe('why nothing answered, in plain words', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'name not found'],
    ['EAI_AGAIN', 'name could not be looked up'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timed out while connecting'],
    ['CERT_HAS_EXPIRED', 'certificate expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate is for another name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate is self-signed'],
    ['CERT_REVOKED', 'certificate not accepted: technical words'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'the TLS handshake failed'],
    ['HPE_INVALID_CONSTANT', 'what came back is not HTTP'],
    ['ESOMETHING', 'technical words (ESOMETHING)'],
  ])('%s is: %s', (code, words) => {
    expect(whyNoAnswer(error(code))).toBe(words)
  })

  it('looks into what wraps the cause', () => {
    const wrapped = new Error('fetch failed', { cause: new AggregateError([error('ECONNREFUSED')]) })
    expect(whyNoAnswer(wrapped)).toBe('connection refused')
  })

  it('says the message of anything else', () => {
    expect(whyNoAnswer(new Error('odd'))).toBe('odd')
    expect(whyNoAnswer('odd')).toBe('odd')
  })
})
