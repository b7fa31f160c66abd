/**
 * Makes one call of those that ask for the same at the same moment: gates look side by side, and calls are scarce
 * (two a second for a whole account, B). Nobody gets an answer to a question that was sent before they asked theirs
 * in another turn of the event loop.
 */
export function together<T>(
  ask: (ids: readonly string[]) => Promise<T>,
): (ids: readonly string[]) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (ids) => {
    const key = [...ids].sort().join(' ')
    const same = asked.get(key)
    if (same !== undefined) return same
    const answer = ask(ids)
    asked.set(key, answer)
    queueMicrotask(() => asked.delete(key))
    return answer
  }
}
