export const version = '1.0.0'
export const colour = 'royalblue'
export const headline = 'Beans that grow overnight'

export const beans = [
  { name: 'Borlotti', price: 3 },
  { name: 'Runner', price: 4 },
  { name: 'Magic', price: 25 },
]

/** What an order costs. */
export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
