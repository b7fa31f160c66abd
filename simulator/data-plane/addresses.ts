/** Hands out virtual IPv4 addresses. */
export interface Addresses {
  /** Of 127.64.0.0/10. */
  next(): string
  /** Of 10.64.0.0/10: of an internal load balancer. */
  nextPrivate(): string
}

/**
 * Never the same address twice. Nothing listens at any of them: proxy and users know where each really is, and a
 * client that bypasses them is refused instead of reaching someone else's machine.
 */
export function createAddresses(): Addresses {
  let last = 0
  const next = (network: number) => {
    last += 1
    return `${network}.${64 + ((last >> 16) & 63)}.${(last >> 8) & 255}.${last & 255}`
  }
  return { next: () => next(127), nextPrivate: () => next(10) }
}

/** Is this the address of an internal load balancer, at which nothing answers from outside of the VPC? */
export function isPrivate(address: string): boolean {
  const [first, second] = address.split('.').map(Number)
  return first === 10 && ((second ?? 0) & 192) === 64
}

/** An address with its port; without one it is that of the protocol. */
export function placeOf(address: string, isTls = false): { readonly ip: string; readonly port: number } {
  const [ip = '', port] = address.split(':')
  return { ip, port: port === undefined ? (isTls ? 443 : 80) : Number(port) }
}

/** What a client sees when the machine at an address does not want to talk. */
export const connectionRefused = (place: { readonly ip: string; readonly port: number }): Error =>
  unreachable('ECONNREFUSED', place)

/** What a client sees in the end when nobody answers at all: a security group or a private network in between. */
export const connectionTimedOut = (place: { readonly ip: string; readonly port: number }): Error =>
  unreachable('ETIMEDOUT', place)

const unreachable = (code: string, { ip, port }: { readonly ip: string; readonly port: number }): Error =>
  Object.assign(new Error(`connect ${code} ${ip}:${port}`), { code })
