import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import { type CacheOptions, createResolverCache } from '../../simulator/dns/cache.ts'
import type { DnsRecord } from '../../simulator/dns/names.ts'

const cname = (name: string, data: string, ttl = 60): DnsRecord => ({ name, type: 'CNAME', ttl, data })
const a = (name: string, data: string, ttl = 60): DnsRecord => ({ name, type: 'A', ttl, data })

function world(options?: CacheOptions) {
  const clock = virtualClock()
  const zone = new Map<string, DnsRecord>([['shop', a('shop', '127.64.0.1')]])
  const asked: string[] = []
  const resolve = createResolverCache(
    clock,
    (name) => {
      asked.push(name)
      const chain: DnsRecord[] = []
      for (let record = zone.get(name); record; record = zone.get(record.data)) chain.push(record)
      return chain
    },
    options,
  )
  const pass = (seconds: number) => clock.runUntil(clock.now() + seconds * 1_000)
  return { zone, asked, resolve, pass }
}

describe('a resolver cache', () => {
  it('keeps an answer for its TTL, then asks again', async () => {
    const { zone, asked, resolve, pass } = world()
    expect(await resolve('shop')).toEqual(['127.64.0.1'])
    zone.set('shop', a('shop', '127.64.0.2'))
    await pass(59.999)
    expect(await resolve('Shop')).toEqual(['127.64.0.1'])
    await pass(0.001)
    expect(await resolve('shop')).toEqual(['127.64.0.2'])
    expect(asked).toEqual(['shop', 'shop'])
  })

  it('keeps each link of a chain for its own TTL', async () => {
    const { zone, asked, resolve, pass } = world()
    zone.set('www', cname('www', 'shop', 300))
    await resolve('www')
    await pass(60)
    zone.set('www', cname('www', 'elsewhere', 300))
    zone.set('shop', a('shop', '127.64.0.9'))
    expect(await resolve('www')).toEqual(['127.64.0.9'])
    expect(asked).toEqual(['www', 'shop'])
  })

  it('remembers that a name does not exist, for 900 seconds', async () => {
    const { zone, resolve, pass } = world()
    expect(await resolve('new')).toEqual([])
    zone.set('new', a('new', '127.64.0.3'))
    await pass(899)
    expect(await resolve('new')).toEqual([])
    await pass(1)
    expect(await resolve('new')).toEqual(['127.64.0.3'])
  })

  it('uses an answer with a TTL of 0 once', async () => {
    const { zone, asked, resolve } = world()
    zone.set('shop', a('shop', '127.64.0.4', 0))
    expect(await resolve('shop')).toEqual(['127.64.0.4'])
    await resolve('shop')
    expect(asked).toHaveLength(2)
  })

  it('has used up a part of the first TTL when it joins late, and none of the next', async () => {
    const { asked, resolve, pass } = world({ firstAge: () => 0.75 })
    await resolve('shop')
    await pass(15)
    await resolve('shop')
    expect(asked).toHaveLength(2)
    await pass(59)
    await resolve('shop')
    expect(asked).toHaveLength(2)
  })

  it('keeps answers longer where it does not obey', async () => {
    const { asked, resolve, pass } = world({ ttlFactor: 3 })
    await resolve('shop')
    await pass(179)
    await resolve('shop')
    expect(asked).toHaveLength(1)
  })

  it('gives up on a chain that bites its tail', async () => {
    const clock = virtualClock()
    const resolve = createResolverCache(clock, (name) => [cname(name, name === 'a' ? 'b' : 'a')])
    expect(await resolve('a')).toEqual([])
  })
})
