/** Why there was no answer to an HTTP request, in plain words: `connection refused`, `name not found`. */
export function whyNoAnswer(thrown: unknown): string {
  const error = innermost(thrown)
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const known = plain[code]
  if (known !== undefined) return known
  const proxy = /^Proxy response \((\d+)\)/.exec(message)
  if (proxy) return `the proxy refused the connection with status ${proxy[1]}`
  if (isAboutCertificates(code)) return `certificate not accepted: ${message}`
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'the TLS handshake failed'
  if (code.startsWith('HPE_')) return 'what came back is not HTTP'
  return code === '' ? message : `${message} (${code})`
}

const plain: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed before an answer',
  ETIMEDOUT: 'timed out',
  UND_ERR_CONNECT_TIMEOUT: 'timed out while connecting',
  UND_ERR_HEADERS_TIMEOUT: 'timed out',
  UND_ERR_BODY_TIMEOUT: 'timed out',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name could not be looked up',
  EHOSTUNREACH: 'no way to this host',
  ENETUNREACH: 'no way to this network',
  CERT_HAS_EXPIRED: 'certificate expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate comes without its issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate comes from an unknown issuer',
}

const isAboutCertificates = (code: string): boolean =>
  code.includes('CERT') || code.includes('CRL') || code.startsWith('UNABLE_TO_')

const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** Both address families tried gives one error for each; a wrapper hides the cause. */
function innermost(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return innermost(thrown.errors[0])
  if (thrown instanceof Error && thrown.cause !== undefined && plain[codeOf(thrown)] === undefined)
    return innermost(thrown.cause)
  return thrown
}
