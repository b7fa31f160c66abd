import { tellCases } from './case.ts'
import { standing } from './standing.ts'

tellCases('shift-and-bake.md', 'While traffic moves, and afterwards', [
  {
    name: 'The answer to the swap is lost, and it happens',
    ends: 'promoted',
    says: [],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'answer-lost', operation: 'SwapEnvironmentCNAMEs' })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The new version fails under real traffic',
    ends: 'rolled-back',
    says: [],
    usersSeeFailures: true,
    // There is no other way to move a name than the call that AWS refuses then.
    otherwise: {
      ends: 'stuck',
      says: ['It could not be taken back', 'Must not be Red'],
      leaves: ['lock', 'pending'],
    },
    async play(story) {
      await standing(story)
      story.apps.set('1.1.0', { failsAfterRequests: 100 })
      return story.run({ version: '1.1.0' })
    },
  },
])
