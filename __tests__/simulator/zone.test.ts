import { describe, expect, it } from 'vitest'
import { createCertificates } from '../../simulator/certificates/store.ts'
import type { DnsRecord } from '../../simulator/dns/names.ts'
import { createZone } from '../../simulator/dns/zone.ts'

const shop = 'shop.us-east-1.elasticbeanstalk.com'
const aws: readonly DnsRecord[] = [
  { name: shop, type: 'CNAME', ttl: 60, data: 'lb.us-east-1.elb.amazonaws.com' },
  { name: 'lb.us-east-1.elb.amazonaws.com', type: 'A', ttl: 60, data: '127.64.0.1' },
]

const zoneOf = () =>
  createZone({
    resolve: (name) =>
      aws.slice(aws.findIndex((one) => one.name === name)).filter(() => aws.some((one) => one.name === name)),
  })

describe("a zone of one's own", () => {
  it('answers a CNAME with its own TTL and all that follows', () => {
    const zone = zoneOf()
    zone.point({ name: 'Shop.Example.com.', to: shop, type: 'CNAME', ttl: 300 })
    expect(zone.names.resolve('shop.example.com')).toEqual([
      { name: 'shop.example.com', type: 'CNAME', ttl: 300, data: shop },
      ...aws,
    ])
    expect(zone.names.resolve(shop)).toEqual(aws)
  })

  it('answers an alias with the addresses of its target only', () => {
    const zone = zoneOf()
    zone.point({ name: 'example.com', to: shop, type: 'alias', ttl: 300 })
    expect(zone.names.resolve('example.com')).toEqual([
      { name: 'example.com', type: 'A', ttl: 60, data: '127.64.0.1' },
    ])
  })

  it('follows names of its own, but not in circles for ever', () => {
    const zone = zoneOf()
    zone.point({ name: 'www.example.com', to: 'shop.example.com', type: 'CNAME' })
    zone.point({ name: 'shop.example.com', to: shop, type: 'CNAME' })
    expect(zone.names.resolve('www.example.com').at(-1)?.data).toBe('127.64.0.1')
    zone.point({ name: 'shop.example.com', to: 'www.example.com', type: 'CNAME' })
    expect(zone.names.resolve('www.example.com').every(({ type }) => type === 'CNAME')).toBe(true)
  })

  it('knows nothing else', () => {
    const zone = zoneOf()
    zone.point({ name: 'shop.example.com', to: 'nobody.us-east-1.elasticbeanstalk.com', type: 'CNAME' })
    expect(zone.names.resolve('shop.example.com')).toHaveLength(1)
    expect(zone.names.resolve('example.com')).toEqual([])
  })

  it.each([shop, 'lb.eu-west-1.elb.amazonaws.com', 'localhost', 'no name.example.com'])(
    'does not take %s',
    (name) => {
      expect(() => zoneOf().point({ name, to: shop, type: 'CNAME' })).toThrow(name)
    },
  )
})

describe('certificates', () => {
  const account = { region: 'eu-central-1', account: '1' }

  it('have an ARN of their own, unless one is given', () => {
    const certificates = createCertificates(account)
    const { arn } = certificates.add({ names: ['Shop.example.com'] })
    expect(arn).toMatch(/^arn:aws:acm:eu-central-1:1:certificate\/[0-9a-f-]{36}$/)
    expect(certificates.find(arn)?.names).toEqual(['shop.example.com'])
    expect(certificates.add({ names: ['example.com'] }).arn).not.toBe(arn)
    certificates.add({ arn, names: ['www.example.com'] })
    expect(certificates.find(arn)?.names).toEqual(['www.example.com'])
    expect(certificates.all()).toHaveLength(2)
  })

  it.each([
    [[]],
    [['not a name']],
    [['*.*.example.com']],
    [['shop.us-east-1.elasticbeanstalk.com']],
    [['*.elasticbeanstalk.com']],
  ])('are not had for %j', (names) => {
    expect(() => createCertificates(account).add({ names })).toThrow()
  })
})
