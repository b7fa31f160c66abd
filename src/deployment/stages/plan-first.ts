import { distance } from '../distance.ts'
import { Failure } from '../errors.ts'
import type { Run } from '../run.ts'

/** A pair of which nothing exists yet. */
export interface FirstPlan {
  readonly live: undefined
  readonly cname: string
  readonly prefix: string
}

/** Neither environment exists: is that what the user means, and is there enough to create the first one from? */
export async function planFirst(run: Run, cname: string): Promise<FirstPlan> {
  const { productionUrl, healthPath } = run.settings
  const prefix = await prefixOfFirst(run)
  run.record.productionUrl = productionUrl ?? `http://${cname}${healthPath}`
  run.ports.report.line(
    `Neither environment exists: the first one is created with the production address ${cname}.`,
  )
  return { live: undefined, cname, prefix }
}

/** The CNAME prefix of a first environment. Throws Failure when none can be created. */
export async function prefixOfFirst(run: Run): Promise<string> {
  const { application, platform, template, productionName, blueEnvironment } = run.settings
  await refuseUnknownApplication(run, application)
  const prefix = productionName ?? blueEnvironment
  if (prefix.includes('.'))
    throw new Failure(
      `Neither environment exists, and a first environment is created with a CNAME prefix, not with a whole name (${prefix}).`,
      [{ why: 'Give `production-cname` as the prefix only, for example `shop`.' }],
    )
  if (!platform && !template)
    throw new Failure(
      `Neither environment exists in ${application}, so there is nothing to copy the configuration from.`,
      [
        {
          why: 'If they should exist, look for a slip in `blue-environment`, `green-environment` and `aws-region`.',
        },
        {
          why: 'Else give `platform` (a solution stack or platform ARN) or `template` (a saved configuration).',
        },
        { why: 'Platforms to choose from:', command: 'aws elasticbeanstalk list-available-solution-stacks' },
      ],
    )
  return prefix
}

async function refuseUnknownApplication(run: Run, application: string): Promise<void> {
  const applications = await run.ports.beanstalk.applications()
  if (applications.includes(application)) return
  const there = applications.length === 0 ? 'there is none at all' : `there are: ${applications.join(', ')}`
  run.record.elsewhere = `not known, there is no application ${application} to look at`
  const meant = applications.find((one) => distance(one.toLowerCase(), application.toLowerCase()) <= 2)
  throw new Failure(`There is no application ${application} in this region and account; ${there}.`, [
    {
      why: meant
        ? `Did you mean \`application: ${meant}\`?`
        : 'Look for a slip in `application` or `aws-region`.',
    },
    {
      why: 'If it is to be a new one, create it:',
      command: `aws elasticbeanstalk create-application --application-name ${application}`,
    },
  ])
}
