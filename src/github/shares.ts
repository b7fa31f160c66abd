/** A split as people read it: `90 % shop-blue, 10 % shop-green`. */
export const inShares = (split: Readonly<Record<string, number>>): string =>
  Object.entries(split)
    .map(([name, percent]) => `${percent} % ${name}`)
    .join(', ')
