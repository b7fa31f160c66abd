import { tellCases } from './case.ts'
import { standing } from './standing.ts'

tellCases('before.md', 'Before anything is changed', [
  {
    name: 'The inputs name the environments in reversed order',
    ends: 'promoted',
    says: ['live:       shop-blue'],
    async play(story) {
      await standing(story)
      return story.run({
        version: '1.1.0',
        'blue-environment': 'shop-green',
        'green-environment': 'shop-blue',
      })
    },
  },
  {
    name: 'The same environment is named twice',
    ends: 'refused',
    says: ['It is the same environment'],
    async play(story) {
      await standing(story)
      return story.run({ version: '1.1.0', 'green-environment': 'shop-blue' })
    },
  },
])
