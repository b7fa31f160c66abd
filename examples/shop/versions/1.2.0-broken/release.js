export const version = '1.2.0-broken'
export const colour = 'firebrick'
export const headline = 'Beans at half the price'

export const beans = [
  { name: 'Borlotti', price: 3 },
  { name: 'Runner', price: 4 },
  { name: 'Magic', price: 25 },
]

/** What an order costs. The bug of this version: it forgets the quantity, and the tests notice. */
export const total = (lines) => lines.reduce((sum, { price }) => sum + price, 0)
