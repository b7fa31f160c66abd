import { NormalizedSchema } from '@smithy/core/schema'
import type { StaticSchema } from '@smithy/types'
import type { ApiConstraints, Limits } from './constraints.ts'

export interface Member {
  readonly shape: Shape
  readonly required: boolean
  readonly limits: Limits | undefined
  /** The element's name where it differs from the member's. */
  readonly xmlName: string
  /** A flattened list has no element of its own around its members (S3). */
  readonly flattened: boolean
  /** Travels as a header, not in the body (S3). */
  readonly header: boolean
}

/** The API model of one type, with the SDK's schema and botocore's constraints put together. */
export type Shape =
  | {
      readonly kind: 'structure'
      readonly name: string
      readonly xmlName: string
      readonly members: ReadonlyMap<string, Member>
    }
  | { readonly kind: 'list'; readonly item: Shape; readonly itemName: string }
  | { readonly kind: 'map'; readonly value: Shape }
  | { readonly kind: 'string' | 'boolean' | 'number' | 'timestamp' | 'blob' | 'unit' }

/** Makes the shape of an SDK schema such as `DescribeEnvironmentsMessage$`. Types that contain themselves are not supported. */
export function shapeOf(schema: unknown, constraints: ApiConstraints[string] = {}): Shape {
  return fromSchema(NormalizedSchema.of(schema as StaticSchema), constraints)
}

function fromSchema(schema: NormalizedSchema, constraints: ApiConstraints[string]): Shape {
  if (schema.isUnitSchema()) return { kind: 'unit' }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    const itemName = (item.getMergedTraits().xmlName as string | undefined) ?? 'member'
    return { kind: 'list', item: fromSchema(item, constraints), itemName }
  }
  if (schema.isMapSchema()) return { kind: 'map', value: fromSchema(schema.getValueSchema(), constraints) }
  if (schema.isStructSchema()) return structure(schema, constraints)
  if (schema.isStringSchema()) return { kind: 'string' }
  if (schema.isBooleanSchema()) return { kind: 'boolean' }
  if (schema.isNumericSchema()) return { kind: 'number' }
  if (schema.isTimestampSchema()) return { kind: 'timestamp' }
  if (schema.isBlobSchema()) return { kind: 'blob' }
  throw new Error(`the codec does not know the type of ${schema.getName(true)}`)
}

function structure(schema: NormalizedSchema, constraints: ApiConstraints[string]): Shape {
  const name = schema.getName() ?? ''
  const own = constraints[name]
  const members = new Map<string, Member>()
  for (const [key, member] of schema.structIterator()) {
    const traits = member.getMemberTraits()
    members.set(key, {
      shape: fromSchema(member, constraints),
      required: own?.required.includes(key) ?? false,
      limits: own?.members[key],
      xmlName: (traits.xmlName as string | undefined) ?? key,
      flattened: Boolean(traits.xmlFlattened),
      header: Boolean(traits.httpHeader),
    })
  }
  const xmlName = (schema.getMergedTraits().xmlName as string | undefined) ?? name
  return { kind: 'structure', name, xmlName, members }
}
