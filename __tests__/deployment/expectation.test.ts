import { describe, expect, it } from 'vitest'
import { type Expectation, shows } from '../../src/deployment/expectation.ts'
import type { Answer } from '../../src/deployment/ports.ts'

const answer = (more: Partial<Extract<Answer, { is: 'answer' }>>): Answer => ({
  is: 'answer',
  status: 200,
  took: 5,
  ...more,
})
const header: Expectation = { in: 'header', name: 'X-Version', value: 'v{version}' }
const json: Expectation = { in: 'json', path: ['builds', '0', 'version'], value: '{version}' }
const text: Expectation = { in: 'text', value: '{version}' }

describe('an answer shows a version', () => {
  it('by a header, whatever the case of its name, and nothing else in it', () => {
    const seen = (value: string) => shows(header, '1.1.0', answer({ headers: { 'x-version': value } }))
    expect(seen(' v1.1.0 ')).toEqual({ is: true, saw: 'its header X-Version is “v1.1.0”' })
    expect(seen('v1.1.0-rc1')).toEqual({
      is: false,
      saw: 'its header X-Version is “v1.1.0-rc1”, not “v1.1.0”',
    })
    expect(shows(header, '1.1.0', answer({}))).toEqual({
      is: false,
      saw: 'its answer (status 200) has no header X-Version',
    })
  })

  it('by a JSON field, a text or a number', () => {
    const seen = (body: string, version = '7') => shows(json, version, answer({ body }))
    expect(seen('{"builds":[{"version":"7"}]}').is).toBe(true)
    expect(seen('{"builds":[{"version":7}]}')).toEqual({
      is: true,
      saw: 'its JSON field builds.0.version is “7”',
    })
    expect(seen('{"builds":[{"version":8}]}').saw).toBe('its JSON field builds.0.version is “8”, not “7”')
    for (const body of ['{"builds":[{"version":{}}]}', '{"builds":null}', '{}', 'null', '<html>', ''])
      expect(seen(body), body).toEqual({
        is: false,
        saw: 'its answer (status 200) has no JSON field builds.0.version',
      })
  })

  it('by no field that every object has', () => {
    const inherited: Expectation = { in: 'json', path: ['constructor', 'name'], value: '{version}' }
    expect(shows(inherited, 'Object', answer({ body: '{}' })).is).toBe(false)
  })

  it.each(['1.1.0', 'Version 1.1.0.', '<b>1.1.0</b>', 'v1.1.0', '11.1.0 and 1.1.0'])(
    'by a text: it is in %s',
    (body) => {
      expect(shows(text, '1.1.0', answer({ body })).is).toBe(true)
    },
  )

  it.each(['', '1.1.0-rc1', '1.1.0.1', '1.1.01', '11.1.0', '2.1.1.0', 'x-1.1.0+build'])(
    'by no part of another version: it is not in %s',
    (body) => {
      expect(shows(text, '1.1.0', answer({ body }))).toEqual({
        is: false,
        saw: '“1.1.0” is not in its answer (status 200)',
      })
    },
  )

  it('by a text that ends as no version does', () => {
    const tag: Expectation = { in: 'text', value: '<v>{version}</v>' }
    expect(shows(tag, '1.1.0', answer({ body: 'x<v>1.1.0</v>x' })).is).toBe(true)
    expect(shows(text, '1.1.0', answer({})).is).toBe(false)
  })

  it('never by no answer, and always when it is only pretended', () => {
    expect(shows(text, '1', { is: 'no answer', why: 'timed out' })).toEqual({ is: false, saw: 'timed out' })
    expect(shows(header, '1', answer({ isPretended: true }))).toEqual({ is: true, saw: '“v1”' })
  })

  it('is told shortly', () => {
    const { saw } = shows(header, '1', answer({ headers: { 'x-version': 'x'.repeat(1_000) } }))
    expect(saw.length).toBeLessThan(150)
  })
})
