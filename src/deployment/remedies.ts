import type { Remedy } from './errors.ts'

/** The environment's own warnings and errors. */
export const readEvents = (id: string): Remedy => ({
  why: 'Read what happened in the environment:',
  command: `aws elasticbeanstalk describe-events --environment-id ${id} --severity WARN --max-records 20`,
})

/** The last lines of the instances' logs; Beanstalk wants a request and a moment. */
export const readLogs = (id: string): Remedy => ({
  why: 'Read the last lines of its instances’ logs:',
  command: `aws elasticbeanstalk request-environment-info --info-type tail --environment-id ${id} && sleep 15 && aws elasticbeanstalk retrieve-environment-info --info-type tail --environment-id ${id}`,
})
