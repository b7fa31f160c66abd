/** Makes request ids in the form of UUIDs from a seeded random, so that the same seed gives the same ids. */
export function createRequestIds(random: () => number): () => string {
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')
  return () => [8, 4, 4, 4, 12].map(digits).join('-')
}
