/**
 * A name as Route 53 keeps it: in lower case, with a final dot, and everything but letters, digits, hyphens and
 * underscores as `\ooo`, so that `*` is `\052`. [BC:route53 ListResourceRecordSets] (C.2)
 */
export function storedName(name: string): string {
  const dotted = name.endsWith('.') ? name : `${name}.`
  return dotted
    .replace(/\\(\d{3})|[^a-z0-9._-]/gi, (found, code: string | undefined) => {
      const bytes = code === undefined ? [...Buffer.from(found)] : [Number.parseInt(code, 8)]
      return bytes
        .map((byte) => (PLAIN.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : octal(byte)))
        .join('')
    })
    .toLowerCase()
}

const PLAIN = /[a-z0-9_-]/i

const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`

/** What is wrong with a stored name, in Route 53's words; undefined for a good one. [log] */
export function nameProblem(name: string): string | undefined {
  const labels = name.slice(0, -1).split('.')
  const said = `encountered with '${name.slice(0, -1)}'`
  if (labels.includes('')) return `FATAL problem: DomainLabelEmpty (Domain label is empty) ${said}`
  if (labels.some((label) => plainLength(label) > 63))
    return `FATAL problem: DomainLabelTooLong (Domain label is too long) ${said}`
  if (plainLength(name) > 255) return `FATAL problem: DomainNameTooLong (Domain name is too long) ${said}`
  return undefined
}

const plainLength = (text: string) => text.replace(/\\\d{3}/g, 'x').length

/** The name with its labels reversed, which lists are sorted by: `com.example.www.`. [BC:route53 ListResourceRecordSets] */
export const reversedName = (name: string): string => `${name.slice(0, -1).split('.').reverse().join('.')}.`

/** Whether a name is that of a zone, or below it. */
export const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`)

/** As resolvers ask: without the final dot. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '')
