import type { Call, GithubAnswer } from './request.ts'

/** One page of a list, with the Link header to the others: 30 a page unless `per_page` says otherwise, 100 at most. */
export function page(call: Call, path: string, items: readonly unknown[]): GithubAnswer {
  const size = Math.min(Math.max(Number(call.query.get('per_page')) || 30, 1), 100)
  const number = Math.max(Number(call.query.get('page')) || 1, 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(to))
    return `<${call.base}${path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ]
  return {
    status: 200,
    headers: links.length > 0 ? { link: links.join(', ') } : {},
    body: items.slice((number - 1) * size, number * size),
  }
}
