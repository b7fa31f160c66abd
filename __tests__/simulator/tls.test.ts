import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { ElasticBeanstalkClient, UpdateEnvironmentCommand } from '@aws-sdk/client-elastic-beanstalk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'

let aws: LocalAws
let blue: { readonly id: string; readonly cname: string; readonly endpoint: string }
let hidden: { readonly cname: string }

const order = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`${aws.url}/_simulator/${path}`, init)
  return { status: answer.status, text: await answer.text() }
}

const https = (arn: string) => ({
  'aws:elbv2:listener:443/Protocol': 'HTTPS',
  'aws:elbv2:listener:443/SSLCertificateArns': arn,
})

beforeAll(async () => {
  aws = await startLocalAws({ speed: 600 })
  const { arn } = JSON.parse(
    (await order('certificates', { names: ['shop.example.com', '*.example.org'] })).text,
  )
  const { given } = aws.simulator.beanstalk
  const shared = { application: 'shop', minSize: 1 }
  blue = await given.environment({ ...shared, name: 'shop-blue', cnamePrefix: 'shop', options: https(arn) })
  hidden = await given.environment({
    ...shared,
    name: 'hidden',
    options: { 'aws:ec2:vpc/ELBScheme': 'internal' },
  })
  for (const name of ['shop.example.com', 'eu.example.org', 'www.example.com'])
    expect((await order('names', { name, cname: blue.cname })).status).toBe(201)
})

afterAll(() => aws.close())

/** The status, or curl's exit code: 7 refused, 22, 52 empty answer, 56 no tunnel, 60 certificate. */
async function curl(url: string, ...options: readonly string[]): Promise<number> {
  const args = [
    '-sS',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-m',
    '5',
    '-x',
    aws.proxyUrl,
    ...options,
    url,
  ]
  try {
    return Number((await promisify(execFile)('curl', args)).stdout)
  } catch (error) {
    return -Number((error as { code: number }).code)
  }
}

const trusting = () => ['--cacert', aws.caFile]

it('any client that trusts the authority reaches a name of its own over HTTPS, and others do not', async () => {
  expect(await curl('https://shop.example.com/', ...trusting())).toBe(200)
  expect(await curl('https://eu.example.org/', ...trusting())).toBe(200)
  expect(await curl('http://shop.example.com/')).toBe(200)
  expect(await curl('https://shop.example.com/')).toBe(-60)
})

it('the authority is in the file that the command names, and at its own address', async () => {
  expect(await order('ca')).toEqual({ status: 200, text: await readFile(aws.caFile, 'utf8') })
})

it('names without a certificate get the default one, which is for others', async () => {
  expect(await curl('https://www.example.com/', ...trusting())).toBe(-60)
  expect(await curl(`https://${blue.cname}/`, ...trusting())).toBe(-60)
})

it('a client that names no host is shown the default certificate', async () => {
  const [address = ''] = aws.simulator.names.resolve(blue.endpoint).map(({ data }) => data)
  const socket = connect({
    host: '127.0.0.1',
    port: aws.dataPlane.portOf(address, 443) ?? 0,
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  expect(socket.getPeerCertificate().subjectaltname).toBe('DNS:shop.example.com, DNS:*.example.org')
  socket.destroy()
})

it('users speak TLS too, and count a wrong certificate as a failure', async () => {
  const [address = ''] = aws.simulator.names.resolve(blue.endpoint).map(({ data }) => data)
  const request = { method: 'GET', host: 'shop.example.com', path: '/', tls: true }
  expect(await aws.dataPlane.request(address, request)).toMatchObject({ status: 200 })
  await expect(aws.dataPlane.request(address, { ...request, host: 'www.example.com' })).rejects.toMatchObject(
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  )
})

it('an update puts another certificate there, and the address stays', async () => {
  const { arn } = JSON.parse((await order('certificates', { names: ['www.example.com'] })).text)
  const client = new ElasticBeanstalkClient({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const [Namespace, OptionName] = ['aws:elbv2:listener:443', 'SSLCertificateArns']
  await client.send(
    new UpdateEnvironmentCommand({
      EnvironmentId: blue.id,
      OptionSettings: [{ Namespace, OptionName, Value: arn }],
    }),
  )
  await expect.poll(() => curl('https://www.example.com/', ...trusting()), { timeout: 5_000 }).toBe(200)
  expect(await curl('https://shop.example.com/', ...trusting())).toBe(-60)
})

it('an internal load balancer is looked up by everybody, and answers nobody outside', async () => {
  expect(aws.simulator.names.resolve(hidden.cname).at(-1)?.data).toMatch(/^10\./)
  expect(await curl(`http://${hidden.cname}/`)).toBe(-52)
  expect(await curl(`https://${hidden.cname}/`, ...trusting())).toBe(-56)
})

it('what cannot be is one sentence', async () => {
  for (const [path, body, sentence] of [
    ['names', { name: 'shop.example.com' }, 'needs `name`, and `cname` or `alias`'],
    ['names', { name: 'a.example.com', cname: 'b.example.com', ttl: -1 }, '`ttl`'],
    ['names', { name: blue.cname, cname: 'b.example.com' }, 'not a name of your own zone'],
    ['certificates', { names: [] }, 'needs `names`'],
    ['certificates', { names: ['a.example.com'], arn: 1 }, '`arn`'],
    ['certificates', { names: [blue.cname] }, 'Nobody but AWS'],
  ] as const) {
    const { status, text } = await order(path, body)
    expect([status, JSON.parse(text).message]).toEqual([400, expect.stringContaining(sentence)])
  }
})
