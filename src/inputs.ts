import { scalar } from './deployment/next-step.ts'
import type { Ms } from './deployment/ports.ts'
import type { OptionSetting, Settings } from './deployment/settings.ts'
import { expectation } from './inputs/expectation.ts'
import { environmentVariables, globs, optionSettings, tags } from './inputs/lists.ts'
import { misspelt } from './inputs/misspelt.ts'
import { InputMistakes } from './inputs/mistakes.ts'
import {
  address,
  applicationName,
  bucket,
  cname,
  environmentName,
  fittingName,
  namePattern,
  path,
  region,
  roleArn,
  roleSessionName,
  shell,
} from './inputs/names.ts'
import {
  anyText,
  duration,
  durationBetween,
  line,
  oneOf,
  someTime,
  statuses,
  wholeNumber,
  yesOrNo,
} from './inputs/parse.ts'
import { type Reader, reader } from './inputs/read.ts'
import { type Routing, readTraffic, type Traffic } from './inputs/routing.ts'
import { secretsAround, secretsIn } from './inputs/secrets.ts'
import type { Toolkit } from './world.ts'

export { InputMistakes } from './inputs/mistakes.ts'

/** Which AWS is meant, and where the pair's state is kept if not in Beanstalk's own bucket. */
export interface Connection {
  readonly region: string
  readonly stateBucket: string | undefined
  readonly routing: Routing
  /** The role to work as, by an ID token of GitHub's; `duration` in ms. */
  readonly role: { readonly arn: string; readonly sessionName: string; readonly duration: Ms } | undefined
}

/** How GitHub is told. */
export interface Telling {
  /** Empty: it is told nothing. */
  readonly token: string
  /** The name of the deployments' environment; undefined: there are to be none. */
  readonly environment: string | undefined
  /** Values that must not be told. */
  readonly secrets: readonly string[]
}

/** What the user asked for, checked. */
export interface Inputs {
  readonly settings: Settings
  readonly connection: Connection
  readonly telling: Telling
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Reads all inputs and registers what looks like a secret in them. Throws one InputMistakes with everything that is
 * wrong. Durations become milliseconds.
 */
export function readInputs(toolkit: Pick<Toolkit, 'getInput' | 'setSecret'>, environment: Variables): Inputs {
  const inputs = reader(toolkit)
  for (const mistake of misspelt(environment)) inputs.note(mistake)
  const options = readOptions(inputs)
  for (const secret of secretsIn(options)) toolkit.setSecret(secret)
  const source = readSource(inputs)
  const traffic = readTraffic(inputs, [source.blueEnvironment, source.greenEnvironment])
  const settings = {
    ...source,
    ...readGates(inputs),
    ...readVerification(inputs, environment),
    ...readRest(inputs, traffic),
    optionSettings: options,
  }
  const connection = { ...readConnection(inputs, environment), routing: traffic.routing }
  const telling = readTelling(inputs, settings, environment)
  noteContradictions(inputs, settings)
  if (inputs.mistakes.length > 0) throw new InputMistakes(inputs.mistakes)
  if (telling.token !== '') toolkit.setSecret(telling.token)
  return { settings, connection, telling }
}

function readOptions(inputs: Reader): readonly OptionSetting[] {
  return [
    ...(inputs.optional('option-settings', optionSettings) ?? []),
    ...(inputs.optional('environment-variables', environmentVariables) ?? []),
  ]
}

function readSource(inputs: Reader) {
  const operation = inputs.read(
    'operation',
    oneOf('deploy', 'verify', 'promote', 'rollback', 'retire', 'recover', 'status'),
  )
  return {
    operation,
    application: inputs.required('application', applicationName),
    blueEnvironment: inputs.required('blue-environment', environmentName),
    greenEnvironment: inputs.required(
      'green-environment',
      operation === 'verify' ? fittingName : environmentName,
    ),
    version:
      operation === 'deploy' || operation === 'verify' || operation === 'promote'
        ? inputs.required('version', line(100))
        : (inputs.optional('version', line(100)) ?? ''),
    versionDescription: inputs.optional('version-description', line(200)) ?? '',
    package: inputs.optional('package', line(4_096)),
    kmsKeyId: inputs.optional('kms-key-id', line(2_048)),
    template: inputs.optional('template', line(100)),
    platform: inputs.optional('platform', line(512)),
    tags: inputs.optional('tags', tags) ?? {},
    configuration: inputs.read('configuration', oneOf('auto', 'fail', 'keep', 'sync')),
    copyVariables: inputs.optional('copy-variables', yesOrNo) ?? operation !== 'verify',
  }
}

function readGates(inputs: Reader) {
  const healthPath = inputs.read('health-path', path)
  const url = inputs.optional('production-url', address)
  const productionExpect = inputs.optional('production-expect', expectation)
  return {
    healthPath,
    healthStatus: inputs.read('health-status', statuses),
    minimumHealth: inputs.read('minimum-health', oneOf('Ok', 'Warning', 'Degraded')),
    healthStableFor: inputs.read('health-stable-for', duration),
    probe: inputs.read('probe', oneOf('auto', 'required', 'off')),
    productionUrl: url && askedAt(url, healthPath),
    productionExpect,
    testCommand: inputs.optional('test-command', anyText),
    shell: inputs.read('shell', shell),
    testTimeout: inputs.read('test-timeout', someTime),
    testReport: inputs.optional('test-report', globs) ?? [],
  }
}

/** What pull requests and merge queues bring has not been merged: production's way back and secrets are not for it. */
function readVerification(inputs: Reader, environment: Variables) {
  const isMerged = !/^(pull_request|pull_request_target|merge_group)$/.test(
    environment.GITHUB_EVENT_NAME ?? '',
  )
  const wayBack = inputs.read('way-back', oneOf('auto', 'keep', 'overwrite'))
  return {
    afterVerify: inputs.read('after-verify', oneOf('keep', 'scale-down', 'terminate')),
    maxVerifiedAge: inputs.read('max-verified-age', someTime),
    isMerged,
    wayBack: wayBack === 'auto' ? (isMerged ? 'overwrite' : 'keep') : wayBack,
  } as const
}

/** An address without a path of its own is asked at the health path. */
const askedAt = (url: URL, healthPath: string): string =>
  url.pathname === '/' && url.search === '' ? `${url.origin}${healthPath}` : url.href

function readRest(inputs: Reader, traffic: Traffic) {
  return {
    productionName: traffic.productionName ?? inputs.optional('production-cname', cname),
    trafficInputs: traffic.inputs,
    trafficSteps: traffic.steps,
    stepInterval: traffic.stepInterval,
    ...(traffic.routing.by === 'load-balancer' && { targetGroups: traffic.routing.targetGroups }),
    bakeTime: inputs.read('bake-time', duration),
    failureThreshold: inputs.read('failure-threshold', wholeNumber(1, 100)),
    standby: inputs.read('standby', oneOf('keep', 'scale-down', 'terminate')),
    rollbackWindow: inputs.read('rollback-window', duration),
    drainTimeout: inputs.read('drain-timeout', duration),
    retireAfter: inputs.read('retire-after', duration),
    leftovers: inputs.optional('leftovers', namePattern),
    onFailure: inputs.read('on-failure', oneOf('keep', 'terminate')),
    instanceLogs: inputs.read('instance-logs', oneOf('on-failure', 'never')),
    allowOlder: inputs.read('allow-older', yesOrNo),
    to: inputs.optional('to', line(100)),
    force: inputs.read('force', yesOrNo),
    dryRun: inputs.read('dry-run', yesOrNo),
    timeout: inputs.read('timeout', someTime),
    waitForReady: inputs.read('wait-for-ready', duration),
    lockWait: inputs.read('lock-wait', duration),
    lock: inputs.read('lock', oneOf('required', 'none')),
  }
}

function readConnection(inputs: Reader, environment: Variables): Omit<Connection, 'routing'> {
  const given = inputs.optional('aws-region', region)
  const fromEnvironment = environment.AWS_REGION || environment.AWS_DEFAULT_REGION
  if (given === undefined && !fromEnvironment && !inputs.mistakes.some(({ input }) => input === 'aws-region'))
    inputs.note({
      input: 'aws-region',
      value: undefined,
      rule: 'It is required, and neither AWS_REGION nor AWS_DEFAULT_REGION is set.',
      fix: 'Give `aws-region`, or run aws-actions/configure-aws-credentials before this step.',
    })
  return {
    region: given ?? fromEnvironment ?? '',
    stateBucket: inputs.optional('state-bucket', bucket),
    role: readRole(inputs),
  }
}

function readRole(inputs: Reader): Connection['role'] {
  const arn = inputs.optional('role-to-assume', roleArn)
  const sessionName = inputs.read('role-session-name', roleSessionName)
  // [BC:sts DurationSeconds]
  const duration = inputs.read('role-duration', durationBetween('15m', '12h'))
  return arn === undefined ? undefined : { arn, sessionName, duration }
}

function readTelling(
  inputs: Reader,
  { productionName, blueEnvironment, optionSettings }: Settings,
  environment: Variables,
): Telling {
  const name = inputs.optional('github-environment', line(255))
  const usual = productionName?.split('.')[0] ?? blueEnvironment
  return {
    token: inputs.optional('github-token', anyText) ?? '',
    environment: name === 'none' ? undefined : (name ?? usual),
    secrets: [...secretsIn(optionSettings), ...secretsAround(environment)],
  }
}

function noteContradictions(inputs: Reader, settings: Settings): void {
  if (settings.blueEnvironment !== '' && settings.blueEnvironment === settings.greenEnvironment)
    inputs.note({
      input: 'green-environment',
      value: settings.greenEnvironment,
      rule: 'It is the same environment as `blue-environment`.',
      fix: 'Name two environments; the second one need not exist yet.',
    })
  if (settings.template !== undefined && settings.platform !== undefined)
    inputs.note({
      input: 'platform',
      value: settings.platform,
      rule: 'It is given together with `template`, which brings its own platform.',
      fix: 'Give one of them.',
    })
  if (settings.lock === 'none' && settings.operation !== 'deploy' && settings.operation !== 'status')
    inputs.note({
      input: 'lock',
      value: settings.lock,
      rule: `Without lock and journal nothing is remembered that \`${settings.operation}\` could go by.`,
      fix: 'Leave `lock` out; or deploy the version that you want, with `operation: deploy` and `allow-older: true`.',
    })
  if (settings.operation === 'rollback') noteVersion(inputs, settings)
  else noteOnlyForRollback(inputs, settings)
  noteLeftovers(inputs, settings)
  if (settings.productionExpect !== undefined && settings.probe === 'off')
    inputs.note({
      input: 'production-expect',
      value: undefined,
      rule: 'With `probe: off` production is never asked, so nobody sees what it shows.',
      fix: 'Leave one of them out.',
    })
  if (settings.rollbackWindow > 0 && settings.operation === 'deploy' && settings.standby === 'terminate')
    inputs.note({
      input: 'rollback-window',
      value: `${settings.rollbackWindow / 1000}s`,
      rule: 'It keeps the way back, which `standby: terminate` ends with every promotion.',
      fix: 'Leave one of them out.',
    })
  if (settings.bakeTime >= settings.timeout)
    inputs.note({
      input: 'timeout',
      value: `${settings.timeout / 1000}s`,
      rule: 'It is not longer than `bake-time`.',
      fix: 'Give the whole operation more time than the bake alone.',
    })
}

/** A rollback that ignored the version that was asked for could move production to another one. */
function noteVersion(inputs: Reader, { version, to }: Settings): void {
  if (version === '') return
  inputs.note({
    input: 'version',
    value: version,
    rule: '`version` means nothing to `rollback`.',
    fix:
      to === undefined
        ? `Did you mean \`to: ${scalar(version)}\`?`
        : 'Leave it out: `to` says where it goes.',
  })
}

/** A deployment with `to` would not go there: better said than ignored. */
function noteOnlyForRollback(inputs: Reader, { to, force }: Settings): void {
  const given = { ...(to !== undefined && { to }), ...(force && { force: 'true' }) }
  for (const [input, value] of Object.entries(given))
    inputs.note({
      input,
      value,
      rule: 'It says where and how a rollback goes.',
      fix: 'Leave it out, or say `operation: rollback`.',
    })
}

const hour: Ms = 3_600_000

/** An environment that a pull request's tests run in right now is no leftover. */
function noteLeftovers(inputs: Reader, { operation, leftovers, retireAfter }: Settings): void {
  if (leftovers === undefined) return
  if (operation !== 'retire')
    inputs.note({
      input: 'leftovers',
      value: leftovers,
      rule: 'It says what `retire` ends.',
      fix: 'Leave it out, or say `operation: retire`.',
    })
  else if (retireAfter < hour)
    inputs.note({
      input: 'retire-after',
      value: `${retireAfter / 1000}s`,
      rule: 'With `leftovers` it must be an hour or more: an environment that is being tested must not be ended.',
      fix: 'Write for example `72h`.',
    })
}
