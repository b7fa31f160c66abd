import type { Shape } from './shapes.ts'

/** An output that `assertOutput` has passed, as the XML inside its element. Members that travel as headers are left out. */
export function xmlOf(value: unknown, shape: Shape): string {
  switch (shape.kind) {
    case 'structure':
      return [...shape.members]
        .map(([name, member]) => {
          const found = (value as Record<string, unknown>)[name]
          if (found === undefined || member.header) return ''
          if (member.shape.kind === 'list' && member.flattened) {
            const { item } = member.shape
            return (found as unknown[]).map((one) => element(member.xmlName, xmlOf(one, item))).join('')
          }
          return element(member.xmlName, xmlOf(found, member.shape))
        })
        .join('')
    case 'list':
      return (value as unknown[]).map((item) => element(shape.itemName, xmlOf(item, shape.item))).join('')
    case 'map':
      return Object.entries(value as object)
        .map(([key, item]) =>
          element('entry', element('key', escapeXml(key)) + element('value', xmlOf(item, shape.value))),
        )
        .join('')
    case 'timestamp':
      return (value as Date).toISOString()
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'string':
    case 'boolean':
    case 'number':
      return escapeXml(String(value))
    case 'unit':
      return ''
  }
}

/** An element; an empty one closes itself, as AWS writes it. */
export function element(name: string, content: string, namespace?: string): string {
  const open = namespace ? `${name} xmlns="${namespace}"` : name
  return content ? `<${open}>${content}</${name}>` : `<${open}/>`
}

/** Escapes text; characters that XML 1.0 cannot hold become U+FFFD. */
export function escapeXml(value: string): string {
  return (
    value
      .replace(/[&<>"]/g, (sign) => ENTITIES[sign] as string)
      .replace(/\r/g, '&#xD;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  )
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
