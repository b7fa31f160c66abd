/**
 * The proxy that a request to `url` goes through by the usual variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY, lower
 * case first, as curl reads them), or undefined for a direct one.
 */
export function proxyFor(
  url: URL,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || ''
  const proxy = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  if (proxy === '' || isExempt(url, read('NO_PROXY'))) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/** `example.com` and `.example.com` stand for the name and everything below it, `*` for every name. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (onlyPort !== undefined && onlyPort !== port) return false
      return host === name || host.endsWith(`.${name}`)
    })
}
