import type { Certificate } from './store.ts'

/** Is the certificate for this host? A star stands for exactly one label, the leftmost. [RFC 9525, 6.3] */
export function covers({ names }: Certificate, host: string): boolean {
  const [, ...parent] = host.toLowerCase().split('.')
  const star = `*.${parent.join('.')}`
  return names.some((name) => name === host.toLowerCase() || name === star)
}

/**
 * The certificate that a load balancer shows to a client that asks for `host`: one that is for it, else the default,
 * which is the first. [ALB:https-listener-certificates]
 */
export function shownTo(host: string, certificates: readonly Certificate[]): Certificate | undefined {
  return certificates.find((certificate) => covers(certificate, host)) ?? certificates[0]
}

/** What a client says of a certificate for other names, in Node's words. */
export function nameMismatch(host: string, { names }: Certificate): Error {
  const alternatives = names.map((name) => `DNS:${name}`).join(', ')
  return Object.assign(
    new Error(
      `Hostname/IP does not match certificate's altnames: Host: ${host}. is not in the cert's altnames: ${alternatives}`,
    ),
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  )
}
