import { generate } from 'selfsigned'

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const kind = { keyType: 'ec', algorithm: 'sha256' } as const

/** An authority of a test's own. */
export async function authority(): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'An authority for tests' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** A certificate for one name, by that authority. */
export async function certificateFor(name: string, by: Certificate): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...kind,
    ca: by,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  return { cert: made.cert, key: made.private }
}
