import { tellCases } from './case.ts'
import { standing } from './standing.ts'

tellCases('prepare.md', 'While the candidate is brought up', [
  {
    name: 'Beanstalk fails to deploy and goes back to the old version, Ready and Green',
    ends: 'failed',
    says: ['Failed to deploy application'],
    async play(story) {
      await standing(story)
      story.aws.cloud.faults.order({ fault: 'deployment-rolls-back', version: '1.1.0' })
      return story.run({ version: '1.1.0' })
    },
  },
  {
    name: 'The application does not start',
    ends: 'failed',
    says: ['Failed to deploy application'],
    async play(story) {
      await standing(story)
      story.apps.set('1.1.0', { starts: false })
      return story.run({ version: '1.1.0' })
    },
  },
])
