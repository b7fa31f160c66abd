import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DescribeEnvironmentsCommand } from '@aws-sdk/client-elastic-beanstalk'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import { createClients } from '../../src/aws/clients.ts'
import { portClock } from './world.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'test', AWS_SESSION_TOKEN: 'token' }

/** Clients whose requests end up in a list instead of on the wire. */
function recording(environment: Record<string, string>) {
  const requests: { hostname: string; path: string; headers: Record<string, string> }[] = []
  const clients = createClients({
    region: 'eu-central-1',
    clock: portClock(virtualClock()),
    random: () => 0,
    environment,
    requestHandler: {
      handle: async (request) => {
        requests.push(request)
        throw Object.assign(new Error('stopped'), { name: 'AbortError' })
      },
    },
  })
  return { clients, requests }
}

it('signs with the keys that stand in the environment that was handed in, for the region that was handed in', async () => {
  const { clients, requests } = recording(keys)
  await clients.beanstalk.send(new DescribeEnvironmentsCommand({})).catch(() => {})
  expect(requests[0]?.hostname).toBe('elasticbeanstalk.eu-central-1.amazonaws.com')
  expect(requests[0]?.headers.authorization).toContain('Credential=AKIDEXAMPLE/')
  expect(requests[0]?.headers['x-amz-security-token']).toBe('token')
})

it('names a bucket in the path only where S3 is reached by an IP address', async () => {
  const object = new GetObjectCommand({ Bucket: 'bucket', Key: 'key' })
  const named = recording(keys)
  await named.clients.s3.send(object).catch(() => {})
  expect(named.requests[0]?.hostname).toBe('bucket.s3.eu-central-1.amazonaws.com')
  const addressed = recording({ ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })
  await addressed.clients.s3.send(object).catch(() => {})
  expect(addressed.requests[0]?.path).toBe('/bucket/key')
})

it('goes through the proxy that the environment names', async () => {
  const asked: string[] = []
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const { port } = proxy.address() as AddressInfo
  const clients = createClients({
    region: 'eu-central-1',
    clock: portClock(virtualClock()),
    random: () => 0,
    environment: { ...keys, HTTPS_PROXY: `http://127.0.0.1:${port}` },
  })
  await clients.beanstalk.send(new DescribeEnvironmentsCommand({})).catch(() => {})
  clients.beanstalk.destroy()
  proxy.close()
  expect(asked[0]).toBe('elasticbeanstalk.eu-central-1.amazonaws.com:443')
})
