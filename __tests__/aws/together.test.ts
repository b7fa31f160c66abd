import { expect, it } from 'vitest'
import { together } from '../../src/aws/together.ts'

const counting = () => {
  const asked: string[] = []
  const read = together(async (ids) => {
    asked.push(ids.join(' '))
    return asked.length
  })
  return { asked, read }
}

it('who asks for the same at the same moment shares one call, in whatever order the ids are', async () => {
  const { asked, read } = counting()

  expect(await Promise.all([read(['a', 'b']), read(['b', 'a'])])).toEqual([1, 1])
  expect(asked).toEqual(['a b'])
})

it('who asks for something else, or later, gets an answer of their own', async () => {
  const { asked, read } = counting()

  await Promise.all([read(['a']), read(['b'])])
  await read(['a'])

  expect(asked).toEqual(['a', 'b', 'a'])
})
