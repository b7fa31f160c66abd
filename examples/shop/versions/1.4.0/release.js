export const version = '1.4.0'
export const colour = 'rebeccapurple'
export const headline = 'Beans, and all of them yours'

export const beans = [
  { name: 'Borlotti', price: 3 },
  { name: 'Runner', price: 4 },
  { name: 'Magic', price: 25 },
]

/** What an order costs. */
export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
