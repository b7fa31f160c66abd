import { AwsError } from '../cloud.ts'

/** A certificate as load balancers refer to it. Its keys are the business of whoever serves TLS with it. */
export interface Certificate {
  readonly arn: string
  /** In lower case; the first is its subject. `*.example.com` covers one label. */
  readonly names: readonly string[]
}

/** What is asked for. */
export interface CertificateOrder {
  readonly names: readonly string[]
  /** Made up when left out. */
  readonly arn?: string | undefined
}

/** The certificates of an account: a made-up ACM and IAM in one, without an API of AWS's own. */
export interface Certificates {
  /** Throws AwsError for names that nobody could have a certificate for; the same ARN again replaces it. */
  add(order: CertificateOrder): Certificate
  find(arn: string): Certificate | undefined
  all(): readonly Certificate[]
}

/** An account without certificates. ARNs are counted, so that the same story has the same ones. */
export function createCertificates(account: {
  readonly region: string
  readonly account: string
}): Certificates {
  const known = new Map<string, Certificate>()
  const nextArn = () => {
    const id = `00000000-0000-4000-8000-${String(known.size + 1).padStart(12, '0')}`
    return `arn:aws:acm:${account.region}:${account.account}:certificate/${id}`
  }
  return {
    add({ names, arn = nextArn() }) {
      if (names.length === 0) throw new AwsError('ValidationException', 'A certificate needs a name.')
      for (const name of names) refuseName(name)
      const certificate = { arn, names: names.map((name) => name.toLowerCase()) }
      known.set(arn, certificate)
      return certificate
    },
    find: (arn) => known.get(arn),
    all: () => [...known.values()],
  }
}

/** Nobody but AWS can prove that names below elasticbeanstalk.com are theirs, so that `https://` has no certificate there. */
function refuseName(name: string): void {
  if (!/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i.test(name))
    throw new AwsError('ValidationException', `${name} is no domain name that a certificate can be for.`)
  if (/(^|\.)(elasticbeanstalk\.com|amazonaws\.com)(\.cn)?$/i.test(name))
    throw new AwsError('ValidationException', `Nobody but AWS can have a certificate for ${name}.`)
}
