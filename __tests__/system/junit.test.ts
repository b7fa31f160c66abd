import { describe, expect, it } from 'vitest'
import { readJunit } from '../../src/system/junit.ts'

const only = (document: string) => {
  const { failures } = readJunit(document)
  expect(failures).toHaveLength(1)
  return failures[0]
}

describe('a JUnit report', () => {
  it('is counted by its test cases, in nested suites too, not by totals that may be wrong', () => {
    const report = readJunit(`<testsuites tests="99" failures="0">
      <testsuite name="outer" time="1,200.5">
        <testcase name="a" time="0.5"/>
        <testsuite name="inner"><testcase name="b" time="1"><skipped/></testcase>
          <testcase name="c" time="0.25"><error message="boom"/></testcase></testsuite>
      </testsuite>
      <testsuite name="empty"/>
    </testsuites>`)
    expect(report.suites).toEqual([
      { name: 'outer', passed: 1, failed: 0, skipped: 0, took: 1_200_500 },
      { name: 'inner', passed: 0, failed: 1, skipped: 1, took: 1_250 },
    ])
    expect(report.failures).toMatchObject([{ suite: 'inner', name: 'c', message: 'boom' }])
  })

  it('of pytest has file and line', () => {
    const found = only(`<testsuite name="pytest"><testcase classname="tests.test_shop" name="test_cart"
      file="tests/test_shop.py" line="12"><failure message="assert 1 == 2">def test_cart():
      assert 1 == 2</failure></testcase></testsuite>`)
    expect(found).toEqual({
      suite: 'pytest',
      name: 'test_cart',
      message: 'assert 1 == 2\ndef test_cart():\n      assert 1 == 2'.replace('assert 1 == 2\n', ''),
      file: 'tests/test_shop.py',
      line: 12,
    })
  })

  it('of Playwright and Vitest has the file as a name, and the line in the failure’s text', () => {
    const found = only(`<testsuites><testsuite name="tests/cart.spec.ts"><testcase
      name="cart" classname="tests/cart.spec.ts"><failure message="cart.spec.ts:5:1 cart" type="FAILURE"><![CDATA[
      Error: no
          at /home/runner/work/shop/tests/cart.spec.ts:17:9 ]]></failure></testcase></testsuite></testsuites>`)
    expect(found).toMatchObject({ file: 'tests/cart.spec.ts', line: 17 })
  })

  it('of Surefire has classes, which are no files', () => {
    const found =
      only(`<testsuite name="com.example.ShopTest"><testcase name="cart" classname="com.example.ShopTest"
      time="0.1"><failure type="AssertionError">no</failure></testcase></testsuite>`)
    expect(found).toMatchObject({ file: undefined, line: undefined, message: 'no' })
  })

  it('has nonsense of times and lines left out', () => {
    const report =
      readJunit(`<testsuite name="s" time="soon"><testcase name="a" time="-1" file="a.py" line="0">
      <failure/></testcase><testcase name="b" time="NaN" file="a.py" line="many"><failure>a.py:0</failure></testcase></testsuite>`)
    expect(report.suites[0]?.took).toBe(0)
    expect(report.failures.map(({ line }) => line)).toEqual([undefined, undefined])
  })

  it('keeps only the beginning of a long message', () => {
    const found = only(`<testsuite><testcase><failure>${'x'.repeat(10_000)}</failure></testcase></testsuite>`)
    expect(found?.message).toHaveLength(4_000)
  })

  it('is not any other XML', () => {
    expect(() => readJunit('<coverage/>')).toThrow('it has no testsuite')
  })
})
