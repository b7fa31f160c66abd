export const version = '1.3.0-leaky'
export const colour = 'darkorange'
export const headline = 'Beans for everyone'

export const beans = [
  { name: 'Borlotti', price: 3 },
  { name: 'Runner', price: 4 },
  { name: 'Magic', price: 25 },
]

/** What an order costs. */
export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)

const free = { connections: Number(process.env.SHOP_CONNECTIONS ?? 100) }

/**
 * The bug of this version: every answer but `/health` takes a database connection and never gives it back. Tests and
 * health checks are content; real users are not, for long.
 */
export function beforeAnswer() {
  if (free.connections === 0) throw new Error('No database connection is free')
  free.connections -= 1
}
