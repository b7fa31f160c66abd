import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runStep } from '../../examples/rehearsal/step.ts'
import { bundleOf } from '../../examples/shop/bundle.ts'
import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'
import { speedUpEnvironment } from '../../simulator/speed-up-environment.ts'
import { startUsers } from '../../simulator/users.ts'

const host = 'shop.example.com'
const production = 'shop.us-east-1.elasticbeanstalk.com'

/** Slow enough for ten seconds of a probe to be long for a first TLS handshake through the proxy. */
const speed = 20

/**
 * A pair behind https://shop.example.com, with users: green shows a certificate for these names. It runs the new version
 * already, so that no more speed is needed to be done in time.
 */
async function stand(atTheEnd: (work: () => Promise<void>) => void, ...greens: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'shipped-bundle-https-'))
  const aws = await startLocalAws({ speed })
  const { certificates, zone, beanstalk, names, cloud } = aws.simulator
  const { given } = beanstalk
  given.version('shop', '1.0.0', await bundleOf('1.0.0'))
  given.version('shop', '1.1.0', await bundleOf('1.1.0'))
  const serving = (...of: readonly string[]) => ({
    'aws:elbv2:listener:443/Protocol': 'HTTPS',
    'aws:elbv2:listener:443/SSLCertificateArns': certificates.add({ names: of }).arn,
  })
  const blue = { name: 'shop-blue', version: '1.0.0', cnamePrefix: 'shop', options: serving(host) }
  const green = { name: 'shop-green', version: '1.1.0', options: serving(...greens) }
  for (const one of [blue, green]) await given.environment({ application: 'shop', ...one })
  zone.point({ name: host, to: production, type: 'CNAME' })
  const users = startUsers({
    clock: cloud.clock,
    names,
    send: aws.dataPlane.request,
    address: host,
    tls: true,
    count: 5,
    everyMs: 5_000,
    random: Math.random,
  })
  atTheEnd(async () => {
    await users.stop()
    await aws.close()
    await rm(folder, { recursive: true, force: true })
  })
  const productionIsOn = () => beanstalk.state().environments.find(({ cname }) => cname === production)?.name
  return { aws, users, productionIsOn, deploy: (timeout: string) => deploy(aws, folder, timeout) }
}

const deploy = (aws: LocalAws, folder: string, timeout: string) =>
  runStep({
    folder,
    signal: new AbortController().signal,
    onLine: () => {},
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      HTTP_PROXY: aws.proxyUrl,
      HTTPS_PROXY: aws.proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: aws.caFile,
      ...speedUpEnvironment({ clock: aws.simulator.cloud.clock, speed, dnsPort: aws.dnsPort }),
    },
    inputs: {
      operation: 'deploy',
      application: 'shop',
      version: '1.1.0',
      'blue-environment': 'shop-blue',
      'green-environment': 'shop-green',
      'production-cname': 'shop',
      'production-url': `https://${host}`,
      'health-path': '/health',
      // The certificates are not the same: it has to be seen by what users would see.
      configuration: 'keep',
      'health-stable-for': '5s',
      'bake-time': '10s',
      timeout,
      'aws-region': 'us-east-1',
    },
  })

it.concurrent('the shipped bundle deploys behind a domain with HTTPS, and no user loses a request', async ({
  onTestFinished,
}) => {
  const { aws, users, productionIsOn, deploy } = await stand(onTestFinished, '*.example.com')

  const ended = await deploy('30m')

  expect(ended.outputs).toMatchObject({ outcome: 'promoted', 'production-url': `https://${host}/health` })
  expect(ended.log.join('\n')).toContain(
    `It answers https://${host}/health at its own address as shop-blue does.`,
  )
  expect(productionIsOn()).toBe('shop-green')
  expect(users.report()).toMatchObject({ failed: 0 })
  expect(aws.simulator.bugs).toEqual([])
})

it.concurrent('the shipped bundle does not move users to a certificate for another name', async ({
  onTestFinished,
}) => {
  const { aws, users, productionIsOn, deploy } = await stand(onTestFinished, 'staging.example.com')

  const ended = await deploy('2m')

  expect(ended.outputs.outcome).toBe('failed')
  expect(ended.log.join('\n')).toContain(
    `under production's name (https://${host}/health) it answers: certificate is for another name; shop-blue answers there: status 200`,
  )
  expect(productionIsOn()).toBe('shop-blue')
  expect(users.report()).toMatchObject({ failed: 0 })
  expect(aws.simulator.calls.some(({ operation }) => operation === 'SwapEnvironmentCNAMEs')).toBe(false)
})
