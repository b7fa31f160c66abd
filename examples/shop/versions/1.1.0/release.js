export const version = '1.1.0'
export const colour = 'seagreen'
export const headline = 'Beans that reach the clouds'

export const beans = [
  { name: 'Borlotti', price: 3 },
  { name: 'Runner', price: 4 },
  { name: 'Magic', price: 25 },
]

/** What an order costs. */
export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
