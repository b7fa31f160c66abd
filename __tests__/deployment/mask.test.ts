import { describe, expect, it } from 'vitest'
import { masked, secretsIn } from '../../src/deployment/mask.ts'

const property = (name: string, value: string) => ({
  namespace: 'aws:elasticbeanstalk:application:environment',
  name,
  value,
})
const option = (name: string, value: string) => ({ namespace: 'aws:rds:dbinstance', name, value })
const mask = (text: string, ...options: Parameters<typeof secretsIn>[0]) => masked(text, secretsIn(options))

describe('secrets in logs', () => {
  it('are the values of environment properties, whatever those are called', () => {
    expect(mask('connect with hunter22 failed', property('WHATEVER', 'hunter22'))).toBe(
      'connect with *** failed',
    )
  })

  it('are not words: short values stay', () => {
    expect(mask('listening on 8080 as true', property('PORT', '8080'), property('ON', 'true'))).toBe(
      'listening on 8080 as true',
    )
  })

  it('are of other options only those that are secrets by their name', () => {
    expect(mask('db.t3.micro with s3cr3t-of-db', option('DBInstanceClass', 'db.t3.micro'))).toBe(
      'db.t3.micro with s3cr3t-of-db',
    )
    expect(mask('db.t3.micro with s3cr3t-of-db', option('DBPassword', 's3cr3t-of-db'))).toBe(
      'db.t3.micro with ***',
    )
  })

  it('are masked in the forms that logs have them in: JSON, addresses, each line of several', () => {
    const key = property('KEY', 'first "line"\nsecond line')
    expect(mask(JSON.stringify({ key: key.value }), key)).toBe('{"key":"***"}')
    expect(mask('it was second line.', key)).toBe('it was ***.')
    expect(mask('GET /?key=pass%20word%2F1', property('P', 'pass word/1'))).toBe('GET /?key=***')
  })

  it('are also the password in an address, as it stands there and as it is meant', () => {
    const url = property('DATABASE_URL', 'postgres://shop:tr%40fal-gar@db.internal/shop')
    expect(mask('password authentication failed: tr@fal-gar', url)).toBe(
      'password authentication failed: ***',
    )
    expect(mask('tried tr%40fal-gar', url)).toBe('tried ***')
    expect(mask('tried 100%-sure', property('URL', 'redis://u:100%-sure@cache'))).toBe('tried ***')
  })

  it('are masked whole where one begins with another', () => {
    const [short, long] = [property('A', 'hunter2'), property('B', 'hunter2-of-production')]
    expect(mask('it is hunter2-of-production', short, long)).toBe('it is ***')
  })

  it.each([
    ['AKIAIOSFODNN7EXAMPLE is the key', '*** is the key'],
    [`token ghp_${'a'.repeat(36)}`, 'token ***'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer ***'],
    ['jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl.', 'jwt ***.'],
    ['amqp://guest:rabbit-hole@mq:5672', 'amqp://guest:***@mq:5672'],
    ['DB_PASSWORD=abc123', 'DB_PASSWORD=***'],
    ['{"apiKey": "abc", "user": "ada"}', '{"apiKey": "***", "user": "ada"}'],
    ['https://s3/x?X-Amz-Signature=feed&a=1', 'https://s3/x?X-Amz-Signature=***&a=1'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nnext', '***\nnext'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE and it breaks off', '***'],
  ])('are known by their shape: %s', (text, shown) => {
    expect(mask(text)).toBe(shown)
  })

  it('leave what is none', () => {
    const text = 'Error: Cannot find module "express"\n    at basic.js:12:3\nsecretary: Ada'
    expect(mask(text)).toBe(text)
  })
})
