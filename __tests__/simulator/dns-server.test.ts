import { createSocket } from 'node:dgram'
import { promises as dns, NOTFOUND } from 'node:dns'
import { once } from 'node:events'
import { connect } from 'node:net'
import { decode, encode, type Packet, streamDecode, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DnsRecord, Names } from '../../simulator/dns/names.ts'
import { type DnsServer, startDnsServer } from '../../simulator/dns/server.ts'

const zone: readonly DnsRecord[] = [
  { name: 'www.example.com', type: 'CNAME', ttl: 300, data: 'shop.elasticbeanstalk.com' },
  { name: 'shop.elasticbeanstalk.com', type: 'A', ttl: 60, data: '127.64.0.1' },
  { name: 'old.example.com', type: 'CNAME', ttl: 300, data: 'gone.elasticbeanstalk.com' },
  ...Array.from({ length: 60 }, (_, count): DnsRecord => {
    return { name: 'many.example.com', type: 'A', ttl: 60, data: `127.64.1.${count + 1}` }
  }),
]
const names: Names = {
  resolve(name) {
    const own = zone.filter((record) => record.name === name)
    return own[0]?.type === 'CNAME' ? [...own, ...this.resolve(own[0].data)] : own
  },
}

let server: DnsServer
let resolver: dns.Resolver

beforeEach(async () => {
  server = await startDnsServer({ names })
  resolver = new dns.Resolver({ timeout: 2_000, tries: 1 })
  resolver.setServers([`127.0.0.1:${server.port}`])
})

afterEach(() => server.close())

async function overUdp(query: Packet): Promise<Packet> {
  const socket = createSocket('udp4')
  socket.send(encode({ type: 'query', ...query }), server.port, '127.0.0.1')
  const [message] = await once(socket, 'message')
  socket.close()
  return decode(message)
}

const question = (name: string, type: 'A' | 'AAAA' | 'CNAME') => ({ id: 7, questions: [{ name, type }] })

describe('the DNS server', () => {
  it('answers a name with its addresses and their TTL', async () => {
    expect(await resolver.resolve4('shop.elasticbeanstalk.com', { ttl: true })).toEqual([
      { address: '127.64.0.1', ttl: 60 },
    ])
  })

  it('answers a chain whole, with the TTL of each link, whatever the case', async () => {
    const { answers, id } = await overUdp(question('WWW.Example.com', 'A'))
    expect(id).toBe(7)
    expect(answers).toMatchObject([
      { name: 'www.example.com', type: 'CNAME', ttl: 300, data: 'shop.elasticbeanstalk.com' },
      { name: 'shop.elasticbeanstalk.com', type: 'A', ttl: 60, data: '127.64.0.1' },
    ])
  })

  it('answers what a name is an alias of, and nothing where it is none', async () => {
    expect(await resolver.resolveCname('www.example.com')).toEqual(['shop.elasticbeanstalk.com'])
    await expect(resolver.resolveCname('shop.elasticbeanstalk.com')).rejects.toMatchObject({
      code: 'ENODATA',
    })
  })

  it('answers NXDOMAIN for what does not exist, to be remembered for 900 seconds', async () => {
    await expect(resolver.resolve4('nobody.elasticbeanstalk.com')).rejects.toMatchObject({ code: NOTFOUND })
    const { authorities } = await overUdp(question('nobody.elasticbeanstalk.com', 'A'))
    expect(authorities).toMatchObject([{ name: 'elasticbeanstalk.com', type: 'SOA', ttl: 900 }])
  })

  it('answers NXDOMAIN at the end of a chain that leads nowhere', async () => {
    await expect(resolver.resolve4('old.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('has no IPv6 addresses, and says so without denying the name', async () => {
    await expect(resolver.resolve6('shop.elasticbeanstalk.com')).rejects.toMatchObject({ code: 'ENODATA' })
    expect(await resolver.resolve6('www.example.com')).toEqual([])
    const { authorities, answers } = await overUdp(question('shop.elasticbeanstalk.com', 'AAAA'))
    expect(answers).toEqual([])
    expect(authorities).toHaveLength(1)
  })

  it('tells clients to come again over TCP when an answer is too long for a datagram', async () => {
    expect(((await overUdp(question('many.example.com', 'A'))).flags ?? 0) & TRUNCATED_RESPONSE).toBeTruthy()
    expect(await resolver.resolve4('many.example.com')).toHaveLength(60)
  })

  it('answers several questions of one connection, however they are cut', async () => {
    const socket = connect(server.port, '127.0.0.1').setNoDelay()
    const query = streamEncode({ type: 'query', ...question('shop.elasticbeanstalk.com', 'A') })
    const both = Buffer.concat([query, query])
    socket.write(both.subarray(0, 5))
    await new Promise((resolve) => setImmediate(resolve))
    socket.write(both.subarray(5))
    let answer = Buffer.alloc(0)
    for await (const part of socket) {
      answer = Buffer.concat([answer, part])
      if (answer.length >= 2 * (2 + answer.readUInt16BE())) break
    }
    expect(streamDecode(answer.subarray(0, answer.length / 2)).answers).toHaveLength(1)
    expect(streamDecode(answer.subarray(answer.length / 2)).answers).toHaveLength(1)
  })

  it('does not stumble over bytes that are no query', async () => {
    const socket = createSocket('udp4')
    socket.send(Buffer.from('hello'), server.port, '127.0.0.1')
    expect(await resolver.resolve4('shop.elasticbeanstalk.com')).toEqual(['127.64.0.1'])
    socket.close()
  })

  it('says so when its port is taken', async () => {
    await expect(startDnsServer({ names, port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
