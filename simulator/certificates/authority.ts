import type { Certificate } from './store.ts'

/** A certificate with its key, both as PEM. */
export interface Pem {
  readonly cert: string
  readonly key: string
}

/** Who issues what the real fronts show. Clients trust it by its own certificate. */
export interface Authority {
  /** Its own certificate, as PEM: what goes into NODE_EXTRA_CA_CERTS. */
  readonly cert: string
  /** Of the same ARN and names always the same. */
  issue(certificate: Certificate): Promise<Pem>
}

const day = 24 * 60 * 60 * 1_000

/**
 * Makes an authority with a key of its own, valid from yesterday (of real time: TLS libraries know no other) for a
 * year. The library is loaded on the first use, since most that the simulator does needs none.
 */
export async function createAuthority(): Promise<Authority> {
  const { generate } = await import('selfsigned')
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 365 * day),
  } as const
  const own = await generate([{ name: 'commonName', value: 'The simulator of Beanstalk Blue/Green' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  })
  const issued = new Map<string, Promise<Pem>>()
  const make = async ({ names }: Certificate): Promise<Pem> => {
    const made = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
      ...common,
      ca: { cert: own.cert, key: own.private },
      extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
    })
    return { cert: made.cert, key: made.private }
  }
  return {
    cert: own.cert,
    issue(certificate) {
      const key = [certificate.arn, ...certificate.names].join(' ')
      const pem = issued.get(key) ?? make(certificate)
      issued.set(key, pem)
      return pem
    },
  }
}
