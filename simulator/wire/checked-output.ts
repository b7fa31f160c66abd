import { broken } from './constraints.ts'
import type { Member, Shape } from './shapes.ts'

/** Throws a TypeError naming the member when an output is not what the API model says: a mistake in the simulator. */
export function assertOutput(value: unknown, shape: Shape, path: string): void {
  switch (shape.kind) {
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw wrong(path, 'a structure', value)
      for (const [name, member] of Object.entries(value)) {
        if (member === undefined) continue
        const model = shape.members.get(name)
        if (!model) throw new TypeError(`${path}.${name} is not in the API model`)
        assertOutput(member, model.shape, `${path}.${name}`)
        assertEnum(member, model, `${path}.${name}`)
      }
      return
    }
    case 'list':
      if (!Array.isArray(value)) throw wrong(path, 'a list', value)
      value.forEach((item, index) => {
        assertOutput(item, shape.item, `${path}[${index}]`)
      })
      return
    case 'map':
      if (typeof value !== 'object' || value === null) throw wrong(path, 'a map', value)
      for (const [key, item] of Object.entries(value)) assertOutput(item, shape.value, `${path}.${key}`)
      return
    case 'timestamp':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(path, 'a Date', value)
      return
    case 'blob':
      if (!(value instanceof Uint8Array)) throw wrong(path, 'bytes', value)
      return
    case 'string':
    case 'boolean':
    case 'number':
      if (typeof value !== shape.kind || Number.isNaN(value)) throw wrong(path, `a ${shape.kind}`, value)
      return
    case 'unit':
      if (value !== undefined) throw wrong(path, 'nothing', value)
  }
}

/** Statuses of versions are upper case on the wire and mixed case in the model [CLI:commonops.py]: case does not count. */
function assertEnum(value: unknown, { limits }: Member, path: string): void {
  if (limits?.integer && !Number.isInteger(value)) throw wrong(path, 'a whole number', value)
  const allowed = limits?.enum ?? limits?.each?.enum
  if (!allowed) return
  for (const item of Array.isArray(value) ? value : [value]) {
    const known = { enum: allowed.map((name) => name.toLowerCase()) }
    if (broken(String(item).toLowerCase(), known).length > 0)
      throw wrong(path, `one of ${allowed.join(', ')}`, item)
  }
}

const wrong = (path: string, expected: string, value: unknown) =>
  new TypeError(`${path} must be ${expected}, and is ${JSON.stringify(value) ?? typeof value}`)
