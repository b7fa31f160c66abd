import type { Remedy } from './errors.ts'
import type { Settings } from './settings.ts'
import { shellWord } from './shell-word.ts'

/** The environment's own warnings and errors. */
export const readEvents = (id: string): Remedy => ({
  why: 'Read what happened in the environment:',
  command: `aws elasticbeanstalk describe-events --environment-id ${id} --severity WARN --max-records 20`,
})

/** The last lines of the instances' logs; Beanstalk wants a request and a moment. */
export const readLogs = (id: string): Remedy => ({
  why: 'Have its instances put the last lines of their logs into S3, and get the links to them:',
  command: `aws elasticbeanstalk request-environment-info --info-type tail --environment-id ${id} && sleep 15 && aws elasticbeanstalk retrieve-environment-info --info-type tail --environment-id ${id}`,
})

/** What the candidate answers to the user's own eyes. */
export const askCandidate = (
  { candidateUrl }: { readonly candidateUrl?: string },
  { healthPath }: Settings,
): Remedy => ({
  why: 'See for yourself; the candidate has no traffic:',
  command: `curl -i ${candidateUrl}${healthPath}`,
})

/** AWS was not there; nothing is wrong with the deployment. */
export const tryAgain: Remedy = {
  why: 'AWS could not be reached from here. Look at `aws-region`, the network, the proxy and the AWS Health Dashboard, then run again.',
}

/** Nothing is wrong with the version, as far as is known. */
export const runAgain: Remedy = {
  why: 'Run it again: what is done already is not done twice.',
}

/** What there is to do where nothing better is known. */
export const lookAndRunAgain = (settings: Settings): readonly Remedy[] => [
  lookAtHealth(settings),
  { why: 'When the cause is gone, run it again: what is done already is not done twice.' },
]

/** A deployment to what has production is a human's decision: users feel it. */
export const bringInPlace = (holder: string | undefined, version: string | undefined): readonly Remedy[] =>
  holder === undefined || version === undefined
    ? []
    : [
        {
          why: `Bring ${version} to where production is; users may go without answers for a minute or two:`,
          command: `aws elasticbeanstalk update-environment --environment-id ${holder} --version-label ${shellWord(version)}`,
        },
      ]

/** Somebody else is at work there, or has been. */
export const runAgainWhenReady: Remedy = {
  why: 'Run it again when nobody else works on it: the version is brought up and proven anew.',
}

/** Who has the production address, and how both are. */
export const lookAtHealth = ({ blueEnvironment, greenEnvironment, trafficInputs }: Settings): Remedy => {
  const isSwap = trafficInputs.traffic === undefined
  return {
    why: isSwap
      ? 'Look who has the production address, and how both are:'
      : 'Look where production goes, with `operation: status`, and how both are:',
    command: `aws elasticbeanstalk describe-environments --no-include-deleted --environment-names ${blueEnvironment} ${greenEnvironment} --query 'Environments[].[EnvironmentName,${isSwap ? 'CNAME,' : ''}Status,HealthStatus,VersionLabel]' --output table`,
  }
}

/** Main had no time for more. */
export const afterCancelling: Remedy = {
  why: 'Nothing, as long as the post step of this job runs; what it says comes after this. Should the runner be gone, run this action with `operation: recover`.',
}

/** Let the action go on. */
export const recoverLater: Remedy = {
  why: 'When what stood in the way is gone, run this action with `operation: recover`: it goes on where this run stopped.',
}

/** The newest versions of the application. */
export const listVersions = (application: string): string =>
  `aws elasticbeanstalk describe-application-versions --application-name ${application} --max-records 10 --query 'ApplicationVersions[].[VersionLabel,DateCreated]' --output table`

/** What one environment's own load balancer answers under the name that an address has. */
export function askAt(url: string, endpoint: string): string {
  const { hostname, port, protocol } = new URL(url)
  const at = port || (protocol === 'https:' ? '443' : '80')
  return `curl -i --connect-to ${shellWord(`${hostname}:${at}:${endpoint}:${at}`)} ${shellWord(url)}`
}

/** Where a name leads, as the user's own resolver sees it. */
export const whereItLeads = (host: string): string => `dig +noall +answer ${shellWord(host)}`

/** Which environment of the application has which name. */
export const whoHasWhich = (application: string): Remedy => ({
  why: 'Who has which address:',
  command: `aws elasticbeanstalk describe-environments --no-include-deleted --application-name ${shellWord(application)} --query 'Environments[].[EnvironmentName,CNAME]' --output table`,
})
