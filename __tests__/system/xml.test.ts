import { describe, expect, it } from 'vitest'
import { readXml } from '../../src/system/xml.ts'

describe('an XML document', () => {
  it('is elements with attributes, children and their own text', () => {
    const document = `\ufeff<?xml version="1.0"?><!-- a > comment -->
      <a x="1 &lt; 2" y='it&apos;s "it"'><b/>one<c d="e>f">two &#x26; &#51;</c><![CDATA[<raw> & ]]></a>
      <!-- after -->`
    expect(readXml(document)).toEqual({
      name: 'a',
      attributes: { x: '1 < 2', y: 'it\'s "it"' },
      children: [
        { name: 'b', attributes: {}, children: [], text: '' },
        { name: 'c', attributes: { d: 'e>f' }, children: [], text: 'two & 3' },
      ],
      text: 'one<raw> & ',
    })
  })

  it.each([
    ['nothing', ''],
    ['no element', 'just text'],
    ['two documents', '<a/><b/>'],
    ['an end that is missing', '<a><b></b>'],
    ['an end of another', '<a></b>'],
    ['an end of nothing', '</a>'],
    ['a tag that is not closed', '<a'],
    ['a quote that is not closed', '<a b="></a>'],
    ['a comment that is not closed', '<a><!-- </a>'],
    ['a section that is not closed', '<a><![CDATA[</a>'],
    ['declarations', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an entity that needs a declaration', '<a>&lol9;</a>'],
    ['JSON', '{"a": "<b>"}'],
  ])('is refused with %s, without a word of it', (_, document) => {
    const refuse = () => readXml(document)
    expect(refuse).toThrow(/^it/)
  })

  it('may hold characters that XML has no place for, as terminals need them', () => {
    expect(readXml('<a b="\u001b[31m">red \u001b[0m&#27;[0m</a>')).toMatchObject({
      attributes: { b: '\u001b[31m' },
      text: expect.stringContaining('red \u001b[0m'),
    })
  })

  it('may be large, and is refused when it is nested deeply, in either case without delay', () => {
    expect(() => readXml('<a>'.repeat(500_000))).toThrow('nested too deeply')
    expect(readXml(`<a>${'<b c="d"/>'.repeat(200_000)}</a>`).children).toHaveLength(200_000)
    expect(() => readXml(`<a ${'x'.repeat(5_000_000)}`)).toThrow()
    expect(() => readXml(`<a ${`"<" `.repeat(500_000)}`)).toThrow()
    expect(() => readXml('<!--'.repeat(500_000))).toThrow()
  })

  it('has no power over prototypes', () => {
    const { attributes } = readXml('<a __proto__="x" constructor="y"/>')
    expect(Object.keys(attributes)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})
