import type { WorkflowFile } from '../deployment/outcome.ts'
import type { Settings } from '../deployment/settings.ts'

/** What a workflow for a pair is made of. */
export interface WorkflowParts {
  readonly settings: Settings
  readonly connection: {
    readonly region: string
    readonly role: { readonly arn: string } | undefined
    readonly stateBucket: string | undefined
  }
  /** The production CNAME as it was found, where no input says one. */
  readonly productionName: string | undefined
  /** The process's: says which version of the action runs. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Two complete workflows for this very pair: one that deploys on every push, and the button that rolls back. They are
 * two files, since "Run workflow" on one that is called Deploy must not take production back.
 */
export function workflowsOf(parts: WorkflowParts): readonly WorkflowFile[] {
  const { settings, environment } = parts
  const inputs = inputsOf(parts)
  const action = [
    `      - uses: ${actionIn(environment)}`,
    ...(settings.trafficInputs.traffic === 'command'
      ? ['        # env: with the tokens that the commands which move traffic need']
      : []),
    '        with:',
  ]
  // A rollback must not queue behind the deployment that it ends.
  const head = (what: 'deploy' | 'rollback') => [
    'permissions: {}',
    `concurrency: ${scalar(`${what} ${settings.blueEnvironment}`)}`,
    'jobs:',
    `  ${what}:`,
    '    runs-on: ubuntu-latest',
    '    permissions:',
    '      id-token: write',
    ...(what === 'deploy' ? ['      contents: read'] : []),
    '      deployments: write',
    '    steps:',
  ]
  const deploy = [
    'name: Deploy',
    'on:',
    '  push:',
    '    branches: [main]',
    ...head('deploy'),
    '      - uses: actions/checkout@v5',
    ...action,
    ...inputs,
    `          version: ${expression('github.sha')}`,
    '          package: .',
    ...testsOf(settings),
  ]
  const rollback = [
    'name: Roll back',
    'on: workflow_dispatch',
    ...head('rollback'),
    ...action,
    '          operation: rollback',
    ...inputs,
  ]
  return [
    { path: '.github/workflows/deploy.yml', text: deploy.join('\n') },
    { path: '.github/workflows/rollback.yml', text: rollback.join('\n') },
  ]
}

/** The lines of `with:` that say which pair it is. */
function inputsOf({ settings, connection, productionName }: WorkflowParts): readonly string[] {
  const pair = [
    ['role-to-assume', connection.role?.arn ?? 'ARN-OF-THE-ROLE-TO-DEPLOY-AS'],
    ['aws-region', connection.region],
    ['application', settings.application],
    ['blue-environment', settings.blueEnvironment],
    ['green-environment', settings.greenEnvironment],
    ...trafficOf(settings, productionName),
    ['health-path', settings.healthPath],
    ['state-bucket', connection.stateBucket],
  ] as const
  return pair.flatMap(([name, value]) => (value === undefined ? [] : [`          ${name}: ${scalar(value)}`]))
}

/** Where production is, and how it is moved. */
const trafficOf = (
  { trafficInputs, productionName, productionUrl }: Settings,
  found: string | undefined,
): readonly (readonly [string, string | undefined])[] =>
  'traffic' in trafficInputs
    ? Object.entries({ 'production-url': productionUrl, ...trafficInputs })
    : [
        ['production-cname', productionName ?? found],
        ['production-url', productionUrl],
      ]

/** Empty for `uses: ./`. */
const actionIn = ({ GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF }: WorkflowParts['environment']): string =>
  scalar(
    `${GITHUB_ACTION_REPOSITORY || 'beanstalk-blue-green/beanstalk-blue-green'}@${GITHUB_ACTION_REF || 'v0'}`,
  )

const testsOf = ({ testCommand }: Settings): readonly string[] => [
  `          test-command: ${scalar(testCommand ?? 'YOUR-TESTS-AGAINST-$CANDIDATE_URL')}`,
]

/**
 * A value as YAML that means exactly it: plain where nothing in it could mean anything else, in double quotes as JSON
 * has them otherwise, and with no expression of GitHub's in it.
 */
function scalar(value: string): string {
  const isPlain =
    /^[A-Za-z/][\w./@-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)
  if (isPlain) return value
  const escaped = JSON.stringify(value).replace(/[\u007f-\uffff]/g, asUnicode)
  return escaped.replaceAll(opening, expression(`'${opening}'`))
}

const opening = '$'.concat('{{')

const expression = (text: string): string => `${opening} ${text} }}`

const asUnicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
