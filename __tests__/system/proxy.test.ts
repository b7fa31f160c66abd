import { describe, expect, it } from 'vitest'
import { proxyFor } from '../../src/system/proxy.ts'

const http = new URL('http://shop.example.com/health')
const https = new URL('https://shop.example.com/health')

describe('the proxy of a request', () => {
  it('is the one for its own protocol', () => {
    const environment = { HTTP_PROXY: 'http://one:1', HTTPS_PROXY: 'http://two:2' }
    expect(proxyFor(http, environment)).toBe('http://one:1')
    expect(proxyFor(https, environment)).toBe('http://two:2')
    expect(proxyFor(https, { HTTP_PROXY: 'http://one:1' })).toBeUndefined()
  })

  it('is taken from the lower-case name first', () => {
    expect(proxyFor(http, { http_proxy: 'http://low:1', HTTP_PROXY: 'http://high:1' })).toBe('http://low:1')
  })

  it('may be written without http://', () => {
    expect(proxyFor(http, { HTTP_PROXY: 'squid:3128' })).toBe('http://squid:3128')
  })

  it.each([
    ['*', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['SHOP.example.COM', true],
    ['other.test, shop.example.com', true],
    ['other.test shop.example.com', true],
    ['shop.example.com:80', true],
    ['shop.example.com:8080', false],
    ['ample.com', false],
    ['example.org', false],
    ['', false],
  ])('NO_PROXY=%s: goes around it is %s', (list, goesAround) => {
    expect(proxyFor(http, { HTTP_PROXY: 'http://one:1', NO_PROXY: list }) === undefined).toBe(goesAround)
  })
})
