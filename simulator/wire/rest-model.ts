import * as route53 from '@aws-sdk/client-route-53'
import { NormalizedSchema } from '@smithy/core/schema'
import type { StaticSchema } from '@smithy/types'
import { apiConstraints } from './api-constraints.ts'
import { type Shape, shapeOf } from './shapes.ts'

/** What the wire has to know about a service of the REST XML protocol. */
export interface RestModel {
  /** The SigV4 scope. */
  readonly scope: string
  /** What every path begins with. */
  readonly prefix: string
  readonly namespace: string
  /** The operation of a request; undefined when the API has none such. */
  find(method: string, path: string): FoundOperation | undefined
}

/** An operation, and what the path of a request says of its input. */
export interface FoundOperation {
  readonly name: string
  readonly status: number
  readonly input: Shape
  readonly output: Shape
  /** Members of the input that are in the path, still percent-encoded. */
  readonly labels: Readonly<Record<string, string>>
  /** Members of the input by the parameter of the query that they travel as. */
  readonly queries: Readonly<Record<string, string>>
}

/** Route 53's. [BC:route53] (§1.1) */
export function createRestModel(): RestModel {
  const operations = readOperations(route53)
  return {
    scope: 'route53',
    prefix: '/2013-04-01/',
    namespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
    find(method, path) {
      for (const operation of operations) {
        const match = operation.method === method ? operation.form.exec(path) : undefined
        if (match) return { ...operation.about(), labels: { ...match.groups } }
      }
      return undefined
    },
  }
}

interface Known {
  readonly method: string
  readonly form: RegExp
  about(): Omit<FoundOperation, 'labels'>
}

function readOperations(client: object): readonly Known[] {
  return Object.entries(client as Readonly<Record<string, unknown>>).flatMap(([exported, schema]) => {
    // The SDK exports each operation as [9, namespace, name, traits, input, output].
    if (!exported.endsWith('$') || !Array.isArray(schema) || schema[0] !== 9) return []
    const [, , name, traits, input, output] = schema as [
      9,
      string,
      string,
      Traits,
      () => unknown,
      () => unknown,
    ]
    const [method, template, status] = traits.http
    let about: Omit<FoundOperation, 'labels'> | undefined
    return {
      method,
      form: formOf(template),
      about() {
        about ??= {
          name,
          status,
          input: shapeOf(input(), apiConstraints.route53),
          output: shapeOf(output(), apiConstraints.route53),
          queries: queriesOf(input()),
        }
        return about
      },
    }
  })
}

interface Traits {
  readonly http: readonly [method: string, path: string, status: number]
}

/** A final slash does not count: models differ in it (§1.2). Ids may come with a slash of their own, as in `/hostedzone/Z1`. */
const formOf = (template: string) =>
  new RegExp(`^${(template.split('?')[0] ?? '').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`)

function queriesOf(input: unknown): Readonly<Record<string, string>> {
  const schema = NormalizedSchema.of(input as StaticSchema)
  if (!schema.isStructSchema()) return {}
  return Object.fromEntries(
    [...schema.structIterator()].flatMap(([name, member]) => {
      const parameter = member.getMemberTraits().httpQuery as string | undefined
      return parameter === undefined ? [] : [[parameter, name]]
    }),
  )
}
