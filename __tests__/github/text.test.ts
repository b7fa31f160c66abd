import { describe, expect, it } from 'vitest'
import {
  code,
  cut,
  fenced,
  forAnnotation,
  forHtml,
  forLog,
  forMarkdown,
  prose,
} from '../../src/github/text.ts'
import { hostile } from './outcomes.ts'

/** What GitHub's runner takes for a command: `::` after blanks, `##[` anywhere. */
const commands = /^\s*::|##\[/m
const controls = /(?!\n|\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

describe('text from outside', () => {
  it('gives no command to the runner from the log', () => {
    for (const text of [
      hostile,
      '::error::a',
      '  ::x::',
      'a\n::b',
      'a\r::b',
      'a\r\n\t::b',
      '##[group]',
      '::::',
      '\u200b::x',
    ]) {
      expect(forLog(text)).not.toMatch(commands)
      expect(forLog(text)).not.toMatch(controls)
    }
  })

  it('stays what it is in the log when it is harmless', () => {
    expect(forLog('a: b :: c ## [d]\n\te')).toBe('a: b :: c ## [d]\n\te')
  })

  it('fits into an annotation', () => {
    expect(forAnnotation('x'.repeat(5_000))).toHaveLength(4_096)
    expect(forAnnotation(hostile)).not.toMatch(commands)
  })

  it('becomes no markup in Markdown', () => {
    for (const text of [hostile, '- item', '1. item', '+ item', '=', '# heading', '> quote', '    code']) {
      const plain = forMarkdown(text).replace(/&#\d+;/g, 'x')
      expect(plain).not.toMatch(/[&<>\\`*_[\]#|~@$\n]|^\s|:\S|www\.|^[-+=]|^\d+\./)
    }
  })

  it('mentions nobody and refers to nothing', () => {
    expect(forMarkdown('@octocat #12')).toBe('&#64;&#8203;octocat &#35;&#8203;12')
  })

  it('reads as it was written', () => {
    expect(forMarkdown('it\'s (e-123, 1.4.0): 50 % "done"')).toBe('it\'s (e-123, 1.4.0): 50 % "done"')
    expect(code('a_b')).toBe('<code>a&#95;b</code>')
  })

  it('shows as code in a sentence of ours what stands between backticks, and nothing else', () => {
    expect(prose('use `a_b`, not `c')).toBe('use <code>a&#95;b</code>, not &#96;c')
    expect(prose('`</code><b>`')).toBe('<code>&#60;/code&#62;&#60;b&#62;</code>')
    expect(prose(hostile)).not.toMatch(/<(?!\/?code>)/)
  })

  it('becomes no tag and ends no attribute in HTML', () => {
    expect(forHtml(`<a href="x" b='y'>&`)).toBe('&#60;a href=&#34;x&#34; b=&#39;y&#39;&#62;&#38;')
  })

  it('cannot end the block of code that it stands in', () => {
    const block = fenced('a\n```\nb ````` c', 'sh')
    const [first = '', ...rest] = block.split('\n')
    expect(first).toBe('``````sh')
    expect(rest.pop()).toBe('``````')
    expect(rest.join('\n')).not.toContain('``````')
  })

  it('is cut where a character ends', () => {
    expect(cut('ab😀', 4)).toBe('ab😀')
    expect(cut('ab😀c', 4)).toBe('ab…')
    expect(cut('abcde', 4)).toBe('abc…')
  })
})
