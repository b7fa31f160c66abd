// What must hold before users meet a version: node examples/shop/smoke-test.js
//   CANDIDATE_URL  where it is, for example http://shop-green.us-east-1.elasticbeanstalk.com
//   VERSION        the version that must answer
//   HTTP_PROXY     the way there, if there is one
//   TEST_REPORT    where to write a JUnit report, if anywhere
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'

const { CANDIDATE_URL, VERSION, TEST_REPORT } = process.env

const checks = {
  'the shop is healthy': async () => {
    const { status, json } = await get('/health')
    assert.equal(status, 200)
    assert.equal(json.status, 'ok')
  },
  [`${VERSION} answers`]: async () => {
    const { headers, json } = await get('/')
    assert.equal(headers['x-version'], VERSION)
    assert.equal(json.version, VERSION)
  },
  'people see a page': async () => {
    const { headers, text } = await get('/', { accept: 'text/html' })
    assert.match(headers['content-type'], /^text\/html/)
    assert.match(text, /<h1>/)
  },
  'an order costs the sum of its lines': async () => {
    const { json } = await get('/orders')
    for (const { order, lines, total } of json.orders) {
      const sum = lines.reduce((all, { price, quantity }) => all + price * quantity, 0)
      assert.equal(total, sum, `order ${order} costs ${sum} and the shop wants ${total}`)
    }
  },
  'what is not there is not found': async () => {
    assert.equal((await get('/unicorns')).status, 404)
  },
}

/** node:http by hand, because not every Node knows HTTP_PROXY. */
function get(path, headers = {}) {
  const url = new URL(path, CANDIDATE_URL)
  const proxy = url.protocol === 'http:' && !isHere(url) && (process.env.HTTP_PROXY || process.env.http_proxy)
  const { request } = url.protocol === 'https:' ? https : http
  const how = { agent: false, timeout: 10_000, headers: { host: url.host, ...headers } }
  return new Promise((resolve, reject) => {
    const sent = proxy ? request(proxy, { ...how, path: url.href }) : request(url, how)
    sent.on('timeout', () => sent.destroy(new Error(`${url} does not answer within 10 seconds`)))
    sent.on('error', reject)
    sent.on('response', async (response) => {
      try {
        const text = (await response.setEncoding('utf8').toArray()).join('')
        const isJson = response.headers['content-type']?.startsWith('application/json')
        const json = isJson ? JSON.parse(text) : undefined
        resolve({ status: response.statusCode, headers: response.headers, text, json })
      } catch (error) {
        reject(error)
      }
    })
    sent.end()
  })
}

const isHere = ({ hostname }) => hostname === 'localhost' || hostname === '127.0.0.1'

async function main() {
  if (!CANDIDATE_URL || !VERSION) {
    process.stderr.write('CANDIDATE_URL and VERSION must say what to test.\n')
    return 2
  }
  const results = []
  for (const [name, check] of Object.entries(checks)) {
    const began = performance.now()
    const problem = await check().then(
      () => undefined,
      (error) => error.message.split('\n')[0],
    )
    const seconds = (performance.now() - began) / 1_000
    results.push({ name, problem, seconds })
    process.stdout.write(problem === undefined ? `✓ ${name}\n` : `✗ ${name}: ${problem}\n`)
  }
  const failed = results.filter(({ problem }) => problem !== undefined).length
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`)
  if (TEST_REPORT) await writeFile(TEST_REPORT, junit(results, failed))
  return failed === 0 ? 0 : 1
}

function junit(results, failed) {
  const cases = results.map(({ name, problem, seconds }) => {
    const failure = problem === undefined ? '' : `<failure message="${escaped(problem)}"/>`
    return `  <testcase classname="shop" name="${escaped(name)}" time="${seconds.toFixed(3)}">${failure}</testcase>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="shop" tests="${results.length}" failures="${failed}">
${cases.join('')}</testsuite>
`
}

const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])

process.exitCode = await main()
