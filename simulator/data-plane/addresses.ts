/**
 * Hands out virtual IPv4 addresses of 127.64.0.0/10, never the same one twice. Nothing listens there: proxy and users
 * know where each really is, and a client that bypasses them is refused instead of reaching someone else's machine.
 */
export function createAddresses(): () => string {
  let last = 0
  return () => {
    last += 1
    return `127.${64 + ((last >> 16) & 63)}.${(last >> 8) & 255}.${last & 255}`
  }
}

/** `127.64.0.7:80` and `127.64.0.7` are the same place: fronts speak plain HTTP on port 80. */
export const withoutPort = (address: string): string => address.replace(/:80$/, '')

/** What a client sees when nothing listens at an address. */
export function connectionRefused(address: string): Error {
  const place = `${withoutPort(address)}:80`
  return Object.assign(new Error(`connect ECONNREFUSED ${place}`), { code: 'ECONNREFUSED' })
}
