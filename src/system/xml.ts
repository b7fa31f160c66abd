/** One element of an XML document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** Its own text, without that of its children. */
  readonly text: string
}

interface Open {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: Open[]
  text: string
}

/** Nested more deeply than this, a document is refused. */
const deepest = 100
/** Tags, comments, sections and text; an attribute's value may contain `>`. */
const tokens =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/!?='"]+)((?:[^<>'"]|"[^"]*"|'[^']*')*)>|[^<]+|</g
const attribute = /([^\s=/'"]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * Reads an XML document, as far as reports need it: elements, attributes, text, CDATA, and the entities that need no
 * declaration. There are no others: a DOCTYPE is refused, so that nothing can be expanded, and nothing is fetched.
 * Throws an Error that quotes nothing of the document.
 */
export function readXml(document: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  for (const [token, section, slash, name, rest = ''] of document.matchAll(tokens)) {
    const current = open.at(-1) as Open
    if (name === undefined) {
      if (token === '<') throw new Error('it is not well-formed XML')
      if (section !== undefined) current.text += section
      else if (!token.startsWith('<')) current.text += decoded(token)
    } else if (slash === '/') {
      if (open.length === 1 || current.name !== name) throw new Error('its tags do not match')
      open.pop()
    } else {
      const element: Open = { name, attributes: attributesOf(rest), children: [], text: '' }
      current.children.push(element)
      if (!rest.endsWith('/')) open.push(element)
      if (open.length > deepest) throw new Error('it is nested too deeply')
    }
  }
  const [document_, ...more] = root.children
  if (open.length > 1 || !document_ || more.length > 0) throw new Error('it is not one whole XML document')
  return document_
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(attribute)]
  return Object.fromEntries(found.map(([, name, double, single]) => [name, decoded(double ?? single ?? '')]))
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
        if (name !== undefined) return entities[name] ?? whole
        const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
        return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
      })
    : text
