import dns from 'node:dns'
import { afterEach, describe, expect, it } from 'vitest'
import type { DnsRecord } from '../../simulator/dns/names.ts'
import { type DnsServer, startDnsServer } from '../../simulator/dns/server.ts'
import { resolveAlias, resolveHost } from '../../src/system/dns.ts'

describe('addresses of a host', () => {
  const own = dns.getServers()
  let server: DnsServer | undefined

  const serve = async (records: readonly DnsRecord[]) => {
    server = await startDnsServer({
      names: { resolve: (name) => (name === records[0]?.name ? records : []) },
    })
    dns.setServers([`127.0.0.1:${server.port}`])
  }

  afterEach(async () => {
    dns.setServers(own)
    await server?.close()
    server = undefined
  })

  it('are the address itself for an address', async () => {
    expect(await resolveHost('192.0.2.7')).toEqual(['192.0.2.7'])
  })

  it('are found behind aliases, and sorted', async () => {
    await serve([
      { name: 'shop.test', type: 'CNAME', ttl: 60, data: 'lb.test' },
      { name: 'lb.test', type: 'A', ttl: 60, data: '10.0.0.9' },
      { name: 'lb.test', type: 'A', ttl: 60, data: '10.0.0.1' },
    ])
    expect(await resolveHost('shop.test')).toEqual(['10.0.0.1', '10.0.0.9'])
  })

  it('are none for a name that does not exist', async () => {
    await serve([{ name: 'shop.test', type: 'A', ttl: 60, data: '10.0.0.1' }])
    expect(await resolveHost('nobody.test')).toEqual([])
  })

  it('are none when no name server answers', async () => {
    await serve([])
    await server?.close()
    server = undefined
    expect(await resolveHost('shop.test')).toEqual([])
  })

  it('are none for what is no name at all', async () => {
    await serve([])
    expect(await resolveHost('not a name')).toEqual([])
  })

  it('are found by the alias that a name is, which only a CNAME has', async () => {
    await serve([
      { name: 'shop.test', type: 'CNAME', ttl: 60, data: 'LB.test' },
      { name: 'lb.test', type: 'A', ttl: 60, data: '10.0.0.9' },
    ])
    expect(await resolveAlias('shop.test')).toBe('lb.test')
    expect(await resolveAlias('nobody.test')).toBeUndefined()
    expect(await resolveAlias('192.0.2.7')).toBeUndefined()
  })
})
