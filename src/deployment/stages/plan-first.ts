import { distance } from '../distance.ts'
import { Failure } from '../errors.ts'
import type { TrafficRouter } from '../ports.ts'
import type { Run } from '../run.ts'

/** A pair of which nothing exists yet. */
export interface FirstPlan {
  readonly live: undefined
  readonly cname: string
  /** The prefix of the production CNAME; undefined where production is routed by something else. */
  readonly prefix: string | undefined
}

/** Neither environment exists: is that what the user means, and is there enough to create the first one from? */
export async function planFirst(run: Run, cname: string): Promise<FirstPlan> {
  const { productionUrl, healthPath } = run.settings
  const router = run.ports.routerFor({ ids: [], productionName: cname })
  const prefix = await prefixOfFirst(run, router)
  run.record.productionUrl = productionUrl ?? `http://${cname}${healthPath}`
  run.ports.report.line(
    prefix === undefined
      ? `Neither environment exists: the first one is created, and ${cname} is led to it when it is proven.`
      : `Neither environment exists: the first one is created with the production address ${cname}.`,
  )
  return { live: undefined, cname, prefix }
}

/**
 * The CNAME prefix of a first environment; undefined where production is routed by something else. Throws Failure when no
 * first environment can be created.
 */
export async function prefixOfFirst(run: Run, router: TrafficRouter): Promise<string | undefined> {
  const { application, platform, template, productionName, blueEnvironment } = run.settings
  await refuseUnknownApplication(run, application)
  const prefix = router.moves === 'whole' ? (productionName ?? blueEnvironment) : undefined
  if (prefix === undefined) await refuseElsewhere(router, productionName)
  if (prefix?.includes('.'))
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

/** What leads somewhere else is somebody's. */
async function refuseElsewhere(router: TrafficRouter, productionName: string | undefined): Promise<void> {
  const { leadsNowhere } = await router.read()
  if (leadsNowhere !== undefined) return
  throw new Failure(
    `Neither environment exists, and ${productionName} leads somewhere else already: nothing is changed of it.`,
    [
      {
        why: 'If they should exist, look for a slip in `blue-environment`, `green-environment` and `aws-region`. If production is to move here from elsewhere, create the first environment by hand, let the name lead to it, and run this again.',
      },
    ],
  )
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
