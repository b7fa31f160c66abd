import { AwsError } from '../cloud.ts'
import { broken, type Limits } from './constraints.ts'
import type { Shape } from './shapes.ts'

interface Tree {
  text?: string
  readonly children: Map<string, Tree>
}

const COMMON = new Set(['Action', 'Operation', 'Version'])

/**
 * The form of a query-protocol request as the typed input of its operation. Throws `ValidationError` in AWS's words
 * ("1 validation error detected: Value 'dev' at 'environmentName' failed to satisfy constraint: Member must have
 * length greater than or equal to 4", seen in weavejester/lein-beanstalk#40 and aws/aws-cli#1891), and
 * `MalformedInput` for text that is no number, boolean or timestamp.
 */
export function decodeQuery(form: URLSearchParams, shape: Shape): unknown {
  const root: Tree = { children: new Map() }
  for (const [key, value] of form) {
    if (COMMON.has(key) || key.startsWith('X-Amz-')) continue
    const leaf = key.split('.').reduce(childOf, root)
    leaf.text = value
  }
  if (shape.kind === 'unit') {
    if (root.children.size > 0) throw unknown([...root.children.keys()][0] as string)
    return {}
  }
  const input = decode(root, shape, '')
  assertConstraints(input, shape, 'ValidationError')
  return input
}

/** Throws `code` with everything that the API model forbids in an input, in AWS's words. */
export function assertConstraints(input: unknown, shape: Shape, code: string): void {
  const errors = check(input, shape, '')
  if (errors.length === 0) return
  const count = `${errors.length} validation error${errors.length > 1 ? 's' : ''} detected: `
  throw new AwsError(code, count + errors.join('; '))
}

function childOf(tree: Tree, name: string): Tree {
  const known = tree.children.get(name)
  if (known) return known
  const child: Tree = { children: new Map() }
  tree.children.set(name, child)
  return child
}

function decode(tree: Tree, shape: Shape, path: string): unknown {
  switch (shape.kind) {
    case 'structure': {
      const input: Record<string, unknown> = {}
      for (const [name, child] of tree.children) {
        const member = shape.members.get(name)
        if (!member) throw unknown(path ? `${path}.${name}` : name)
        input[name] = decode(child, member.shape, path ? `${path}.${name}` : name)
      }
      return input
    }
    case 'list': {
      // `X.members.N` is accepted as well as `X.member.N`. [einaregilsson/beanstalk-deploy]
      const items = tree.children.get(shape.itemName) ?? tree.children.get('members') ?? tree
      return [...items.children]
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([index, item]) => decode(item, shape.item, `${path}.member.${index}`))
    }
    case 'map':
      return Object.fromEntries(
        [...(tree.children.get('entry') ?? tree).children.values()].map((entry) => [
          entry.children.get('key')?.text ?? '',
          decode(entry.children.get('value') ?? { text: '', children: new Map() }, shape.value, path),
        ]),
      )
    case 'string':
      if (tree.text === undefined)
        throw new AwsError('MalformedInput', `Unexpected complex element for ${path}`)
      return tree.text
    case 'boolean':
      if (tree.text === 'true' || tree.text === 'false') return tree.text === 'true'
      throw new AwsError('MalformedInput', `${path} must be true or false`)
    case 'number':
      if (tree.text && Number.isFinite(Number(tree.text))) return Number(tree.text)
      throw new AwsError('MalformedInput', `${path} must be a number`)
    case 'timestamp': {
      const time = isIso8601(tree.text) ? new Date(extended(tree.text)) : undefined
      if (!time || Number.isNaN(time.getTime())) {
        throw new AwsError('MalformedInput', 'timestamp must follow ISO8601')
      }
      return time
    }
    case 'blob':
      return Buffer.from(tree.text ?? '', 'base64')
    case 'unit':
      return {}
  }
}

const isIso8601 = (value: string | undefined): value is string =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(value ?? '') ||
  BASIC.test(value ?? '')

/** The basic format, `20260105T090000Z`, which clients without an SDK send. [einaregilsson/beanstalk-deploy beanstalk-deploy.js] */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

const extended = (value: string) => value.replace(BASIC, '$1-$2-$3T$4:$5:$6Z')

function check(value: unknown, shape: Shape, path: string): readonly string[] {
  if (shape.kind === 'list') {
    return (value as unknown[]).flatMap((item, index) =>
      check(item, shape.item, `${path}.${index + 1}.member`),
    )
  }
  if (shape.kind !== 'structure') return []
  return [...shape.members].flatMap(([name, member]) => {
    const at = path ? `${path}.${lowerFirst(name)}` : lowerFirst(name)
    const found = (value as Record<string, unknown>)[name]
    if (found === undefined) {
      return member.required
        ? [`Value null at '${at}' failed to satisfy constraint: Member must not be null`]
        : []
    }
    return [...violations(found, member.limits, at), ...check(found, member.shape, at)]
  })
}

function violations(value: unknown, limits: Limits | undefined, at: string): readonly string[] {
  if (!limits) return []
  if (limits.integer && !Number.isInteger(value))
    throw new AwsError('MalformedInput', `${at} must be a whole number`)
  const shown = Array.isArray(value) ? `[${value.join(', ')}]` : value
  return broken(value, limits).map(
    (constraint) => `Value '${shown}' at '${at}' failed to satisfy constraint: ${constraint}`,
  )
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

// Unconfirmed: AWS may well ignore what it does not know; a misspelt parameter is found sooner this way.
const unknown = (name: string) => new AwsError('ValidationError', `Unknown parameter: ${name}`)
