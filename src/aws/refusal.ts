import { NotYet, Refused, type Remedy } from '../deployment/errors.ts'
import type { Asked } from './errors.ts'
import { isCalled, troubleOf } from './trouble.ts'

/** Makes AWS's no a Refused: what was asked, AWS's own sentence, and what to do about it. */
export function refusal(asked: Asked, thrown: unknown): Refused {
  const sentence = sentenceOf(thrown)
  switch (troubleOf(thrown)) {
    case 'denied':
      return denied(asked, { sentence, isDownstream: isCalled(thrown, 'InsufficientPrivilegesException') })
    case 'bad credentials':
      if (isCalled(thrown, 'CredentialsProviderError', 'TokenProviderError', 'ProviderError'))
        return new Refused(`No AWS credentials were found: ${sentence}`, [firstCredentials])
      return new Refused(`AWS does not accept the credentials to ${asked.to}: ${sentence}`, [newCredentials])
    case 'not now':
      return new Refused(`AWS did not ${asked.to}, nothing happened: ${sentence}`, [
        { why: 'AWS was asked too often. Run again when fewer deployments and scripts use the account.' },
      ])
    default:
      if (/Must be Ready/.test(sentence))
        return new NotYet(`AWS refused to ${asked.to}: ${sentence}`, [whenReady])
      return new Refused(`AWS refused to ${asked.to}: ${sentence}`, remediesFor(sentence))
  }
}

/** AWS's own words, without what could be a secret: option values and the signed request. */
export function sentenceOf(thrown: unknown): string {
  const { name, message } = thrown as Error
  if (!message || message === 'UnknownError') return name
  return message
    .replace(/(Invalid option value: ')[\s\S]*?(' \(Namespace)/g, '$1***$2')
    .replace(/(Value ')[\s\S]*?(' at 'optionSettings)/g, '$1***$2')
    .replace(/\s*The (Canonical|String)[- ](String|to)[\s\S]*/i, '')
    .trim()
}

function denied(asked: Asked, told: { sentence: string; isDownstream: boolean }): Refused {
  const { sentence, isDownstream } = told
  const named = /not authorized to perform: ([\w-]+:\w+)/.exec(sentence)?.[1]
  const resource = resourceIn(sentence) ?? asked.on ?? '*'
  const actions = named ? [named] : typeof asked.action === 'string' ? [asked.action] : asked.action
  const statement = {
    Effect: 'Allow',
    Action: actions.length === 1 ? actions[0] : actions,
    Resource: resource,
  }
  if (/with an explicit deny/.test(sentence))
    return new Refused(`${actions.join(' and ')} is denied, so AWS did not ${asked.to}: ${sentence}`, [
      {
        why: 'A policy denies it explicitly (“in a resource-based policy”: the bucket’s or the key’s own; else the role’s or the organisation’s): no statement can allow it beside. Change that policy. A bucket that wants all that is in it encrypted by KMS is content with `kms-key-id`; another bucket can be given as `state-bucket`.',
      },
    ])
  const remedies: Remedy[] = [
    {
      why: `Add this statement to the policy of ${asked.as ?? 'the role (or user) that the job works as'}:`,
      command: JSON.stringify(statement),
    },
  ]
  if (isDownstream)
    remedies.unshift({
      why: 'Beanstalk works in other services with your own permissions. The managed policy AdministratorAccess-AWSElasticBeanstalk has what it needs. [DG:concepts-roles-user]',
    })
  return new Refused(
    `${actions.join(' and ')} is not allowed, so AWS did not ${asked.to}: ${sentence}`,
    remedies,
  )
}

/** What the statement has to name; every change of Route 53's has an id of its own. */
function resourceIn(sentence: string): string | undefined {
  const named = /on resource: (.+?)(?= because | with an explicit |$)/.exec(sentence)?.[1]
  return named === '*' ? undefined : named?.replace(/(:change\/)\w+$/, '$1*')
}

const whenReady: Remedy = {
  why: 'Something else works on that environment. Run again when it is Ready.',
}

const firstCredentials: Remedy = {
  why: 'Run aws-actions/configure-aws-credentials before this step; with OIDC the job needs `permissions: id-token: write`.',
}

const newCredentials: Remedy = {
  why: 'The job needs AWS credentials that last as long as it does: give this action `role-to-assume`, and it renews them by itself; or run aws-actions/configure-aws-credentials before this step, with a `role-duration-seconds` beyond the planned time (and a role that allows it). What is open is settled by the next run, which `operation: recover` can be.',
}

function remediesFor(sentence: string): Remedy[] {
  const application = /No Application named '(.+?)' found/.exec(sentence)?.[1]
  if (application)
    return [
      {
        why: 'Look for a slip in `application` or `aws-region`, or create it:',
        command: `aws elasticbeanstalk create-application --application-name '${application}'`,
      },
    ]
  const prefix = /DNS name \(([\w-]+)\.[\w.-]+\) is not available/i.exec(sentence)?.[1]
  if (prefix)
    return [
      {
        why: 'Somebody has that address, in whatever account; or had it until some minutes ago: AWS holds it for a while after a termination. Look again, and run again when it is free; or give another `production-cname`:',
        command: `aws elasticbeanstalk check-dns-availability --cname-prefix ${prefix}`,
      },
    ]
  const taken = /Environment ([\w-]+) already exists/.exec(sentence)?.[1]
  if (taken)
    return [
      {
        why: 'Names are unique in an account and region, whatever the application. See whose it is, and give another name or end it:',
        command: `aws elasticbeanstalk describe-environments --no-include-deleted --environment-names ${taken} --query 'Environments[].[ApplicationName,EnvironmentName,Status]' --output table`,
      },
    ]
  if (/not in the service region/.test(sentence))
    return [
      {
        why: 'Beanstalk takes bundles only from its own region. Give a bucket of that region as `state-bucket`, or leave it out: Beanstalk’s own bucket is taken then.',
      },
    ]
  return []
}
