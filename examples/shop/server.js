// A small shop to deploy. What differs from version to version is in versions/VERSION/release.js, which lies beside
// this file as release.js in a bundle. To try a version here: PORT=8080 node server.js 1.1.0
import { createServer } from 'node:http'
import { page } from './page.js'

const wanted = process.argv[2]
const release = await import(wanted ? `./versions/${wanted}/release.js` : './release.js')

const shop = 'Beanstalk Beans'
const orders = [
  {
    order: 1,
    lines: [
      { bean: 'Borlotti', price: 3, quantity: 2 },
      { bean: 'Runner', price: 4, quantity: 1 },
    ],
  },
  { order: 2, lines: [{ bean: 'Magic', price: 25, quantity: 3 }] },
]

const answers = {
  '/': () => ({ shop, version: release.version, beans: release.beans }),
  '/health': () => ({ status: 'ok', version: release.version }),
  '/orders': () => ({
    shop,
    version: release.version,
    orders: orders.map(({ order, lines }) => ({ order, lines, total: release.total(lines) })),
  }),
}

const server = createServer((request, response) => {
  const path = request.url.split('?')[0]
  response.setHeader('x-version', release.version)
  response.setHeader('cache-control', 'no-store')
  try {
    const answer = answers[path]
    if (!answer)
      return send(response, 404, { error: `There is no ${path} in this shop`, version: release.version })
    if (path !== '/health') release.beforeAnswer?.()
    if (path === '/' && request.headers.accept?.includes('text/html')) {
      return response.setHeader('content-type', 'text/html; charset=utf-8').end(page(shop, release))
    }
    return send(response, 200, answer())
  } catch (error) {
    process.stderr.write(`${request.method} ${request.url}: ${error.message}\n`)
    return send(response, 500, { error: error.message, version: release.version })
  }
})

function send(response, status, body) {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.end(`${JSON.stringify(body)}\n`)
}

const port = process.env.PORT ?? 8080
server.listen(port, '127.0.0.1', () =>
  process.stdout.write(`${shop} ${release.version} listens on ${port}\n`),
)

// Beanstalk ends an application with SIGTERM: finish what is under way.
process.once('SIGTERM', () => server.close(() => process.exit(0)))
