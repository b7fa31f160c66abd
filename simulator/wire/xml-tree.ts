import { SaxesParser } from 'saxes'

/** An element of a document, its name without a prefix. */
export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** The root element of a document; undefined when it is none. */
export function parseXml(document: string): XmlElement | undefined {
  const root: Growing = { name: '', children: [], text: '' }
  const open: Growing[] = [root]
  const parser = new SaxesParser()
  let isWhole = true
  parser.on('error', () => {
    isWhole = false
  })
  parser.on('opentag', ({ name }) => {
    const element: Growing = { name: name.replace(/^.*:/, ''), children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const add = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(document).close()
  return isWhole ? root.children[0] : undefined
}

interface Growing extends XmlElement {
  readonly children: Growing[]
  text: string
}
