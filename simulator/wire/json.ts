import type { Shape } from './shapes.ts'

/**
 * An output as Elastic Beanstalk's JSON, which it answers to `Accept: application/json`: timestamps are seconds since
 * 1970. [einaregilsson/beanstalk-deploy aws-api-request.js]
 */
export function jsonOf(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'structure':
      return Object.fromEntries(
        [...shape.members].map(([name, member]) => {
          const found = (value as Record<string, unknown>)[name]
          return [name, found === undefined ? null : jsonOf(found, member.shape)]
        }),
      )
    case 'list':
      return (value as unknown[]).map((item) => jsonOf(item, shape.item))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, jsonOf(item, shape.value)]),
      )
    case 'timestamp':
      return (value as Date).getTime() / 1000
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'string':
    case 'boolean':
    case 'number':
      return value
    case 'unit':
      return null
  }
}
