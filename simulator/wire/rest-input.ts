import { AwsError } from '../cloud.ts'
import { assertConstraints } from './query-input.ts'
import { splitPath, type WireRequest } from './request.ts'
import type { FoundOperation } from './rest-model.ts'
import type { Shape } from './shapes.ts'
import { parseXml, type XmlElement } from './xml-tree.ts'

/**
 * The typed input of a REST XML request: its path, its query and its body. Throws `InvalidInput` in Route 53's words for
 * values that the API model forbids, and `MalformedXML` for a body that is none. [log]
 */
export function decodeRest(request: WireRequest, operation: FoundOperation): unknown {
  const { input: shape } = operation
  if (shape.kind !== 'structure') return {}
  const text = Buffer.from(request.body).toString('utf8').trim()
  const root = text ? parseXml(text) : { name: '', children: [], text: '' }
  if (!root) throw new AwsError('MalformedXML', 'The XML document is not well-formed.')
  const input = {
    ...(decode(root, shape, '') as Record<string, unknown>),
    ...fromUrl(request, operation),
  }
  assertConstraints(input, shape, 'InvalidInput')
  return input
}

function fromUrl({ path }: WireRequest, { input, labels, queries }: FoundOperation): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  const take = (member: string, text: string) => {
    const shape = input.kind === 'structure' ? input.members.get(member)?.shape : undefined
    if (shape) given[member] = value(text, shape, member)
  }
  for (const [member, text] of Object.entries(labels)) take(member, withoutKind(decodeURIComponent(text)))
  for (const [parameter, text] of splitPath(path).query) {
    const member = queries[parameter]
    if (member !== undefined && text !== '') take(member, member.endsWith('Id') ? withoutKind(text) : text)
  }
  return given
}

/** SDKs strip `/hostedzone/`, `/healthcheck/` and `/change/` from ids (§1.2); who does not is understood too. */
const withoutKind = (id: string) => id.replace(/^\/?(hostedzone|healthcheck|change)\//, '')

function decode(element: XmlElement, shape: Shape, path: string): unknown {
  switch (shape.kind) {
    case 'structure': {
      const input: Record<string, unknown> = {}
      for (const child of element.children) {
        const found = [...shape.members].find(([, { xmlName }]) => xmlName === child.name)
        if (!found) throw invalid(`Unexpected element '${child.name}' in ${path || 'the request'}`)
        const [name, member] = found
        input[name] = decode(child, member.shape, path ? `${path}.${name}` : name)
      }
      return input
    }
    case 'list':
      return element.children.map((child) => decode(child, shape.item, path))
    case 'map':
    case 'unit':
      return {}
    case 'string':
    case 'boolean':
    case 'number':
    case 'timestamp':
    case 'blob':
      return value(element.text, shape, path)
  }
}

function value(text: string, { kind }: Shape, path: string): unknown {
  switch (kind) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      throw invalid(`${path} must be true or false, and is '${text}'`)
    case 'number':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
      throw invalid(`${path} must be a number, and is '${text}'`)
    default:
      return text
  }
}

const invalid = (message: string) => new AwsError('InvalidInput', message)
