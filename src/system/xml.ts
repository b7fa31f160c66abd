import { SaxesParser } from 'saxes'

/** One element of an XML document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** Its own text, without that of its children. */
  readonly text: string
}

interface Open extends Element {
  readonly children: Open[]
  text: string
}

/** Nested more deeply than this, a document is refused. */
const deepest = 100

/** Terminals' colours and the like, which test tools leave in their reports; the parser keeps them and goes on. */
const bearable = /^(?:\d+:\d+: )?(?:disallowed character\.|malformed character entity)/

/**
 * Reads an XML document into its elements. A DOCTYPE is refused, so that there is nothing to expand or to fetch. Throws
 * an Error that quotes nothing of the document.
 */
export function readXml(document: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  const parser = new SaxesParser({ xmlns: false, position: false })
  const addText = (text: string) => {
    const current = open.at(-1)
    if (current) current.text += text
  }
  parser.on('error', ({ message }) => {
    if (!bearable.test(message)) throw new Error('it is not well-formed XML')
  })
  parser.on('doctype', () => {
    throw new Error('it has a DOCTYPE')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > deepest) throw new Error('it is nested too deeply')
    const element: Open = { name, attributes: { ...attributes }, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(document).close()
  const [found] = root.children
  if (!found) throw new Error('it is no XML document')
  return found
}
