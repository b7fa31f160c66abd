const lower = 'abcdefghijklmnopqrstuvwxyz0123456789'
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** `length` random characters, small letters and digits. */
export function small(random: () => number, length: number): string {
  return draw(random, length, lower)
}

/** `length` random characters, capitals and digits, as CloudFormation ends its names. */
export function capital(random: () => number, length: number): string {
  return draw(random, length, upper)
}

/** A request id, for what happens without a call. */
export function requestId(random: () => number): string {
  return [8, 4, 4, 4, 12].map((length) => draw(random, length, '0123456789abcdef')).join('-')
}

function draw(random: () => number, length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}
