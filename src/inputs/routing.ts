import type { Ms } from '../deployment/ports.ts'
import type { Settings } from '../deployment/settings.ts'
import { defaults, type InputName } from './defaults.ts'
import { wrong } from './mistakes.ts'
import { arnsOfRules, hostedZoneId, recordName, roleArn, roleSessionName, targetGroupArn } from './names.ts'
import { anyText, duration, durationBetween, oneOf } from './parse.ts'
import type { Parse, Reader } from './read.ts'

/** What decides which environment production reaches, and what it has to know. */
export type Routing =
  | { readonly by: 'cname-swap' }
  | ({ readonly by: 'route53' } & RecordRouting)
  | ({ readonly by: 'load-balancer' } & RuleRouting)
  | { readonly by: 'command'; readonly read: string; readonly write: string; readonly ttl: Ms }

/** Weighted records of a Route 53 zone. */
export interface RecordRouting {
  readonly hostedZoneId: string
  /** Lower case, without the dot at the end. */
  readonly recordName: string
  readonly recordType: 'cname' | 'alias'
  /** Of the records that are written; aliases have 60 s of their own. */
  readonly ttl: Ms
  /** The role that may change the zone, where it is in another account. */
  readonly role: { readonly arn: string; readonly sessionName: string } | undefined
}

/** Weighted target groups in rules of an Application Load Balancer. */
export interface RuleRouting {
  /** ARNs of rules, or of listeners for their default actions. */
  readonly rules: readonly string[]
  /** The team's own target groups by environment name; undefined: those that Beanstalk made on a shared load balancer. */
  readonly targetGroups: Readonly<Record<string, string>> | undefined
}

type Kind = Routing['by']

/** Which inputs mean something to which way of moving traffic; those that are required there are marked so. */
const inputsOf: Readonly<Record<Kind, Partial<Record<InputName, 'required' | 'optional'>>>> = {
  'cname-swap': { 'production-cname': 'optional' },
  route53: {
    'hosted-zone-id': 'required',
    'record-name': 'required',
    'record-type': 'optional',
    'record-ttl': 'optional',
    'dns-role-to-assume': 'optional',
    'traffic-steps': 'optional',
    'step-interval': 'optional',
  },
  'load-balancer': {
    'listener-rules': 'required',
    'blue-target-group': 'optional',
    'green-target-group': 'optional',
    'production-url': 'required',
    'traffic-steps': 'optional',
    'step-interval': 'optional',
  },
  command: {
    'read-traffic-command': 'required',
    'write-traffic-command': 'required',
    'production-url': 'required',
    'record-ttl': 'optional',
    'traffic-steps': 'optional',
    'step-interval': 'optional',
  },
}

/** How traffic is moved, in which steps, and what production is called then, where it is not Beanstalk's own name. */
export interface Traffic {
  readonly routing: Routing
  readonly steps: Settings['trafficSteps']
  readonly stepInterval: Ms
  readonly productionName: string | undefined
  /** What was given of these inputs, to be given again; empty for a CNAME swap. */
  readonly inputs: Settings['trafficInputs']
}

/** Reads everything about the moving of traffic; notes what is missing, and what would be ignored. */
export function readTraffic(inputs: Reader, names: readonly [blue: string, green: string]): Traffic {
  const by = inputs.read('traffic', oneOf('cname-swap', 'route53', 'load-balancer', 'command'))
  noteNeeds(inputs, by)
  const url = inputs.optional('production-url', anyText)
  const host = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined
  const routing = readRouting(inputs, by, names)
  return {
    routing,
    steps: inputs.read('traffic-steps', steps),
    stepInterval: inputs.read('step-interval', duration),
    productionName:
      routing.by === 'cname-swap' ? undefined : routing.by === 'route53' ? routing.recordName : host,
    inputs: by === 'cname-swap' ? {} : { traffic: by, ...givenOf(inputs, by) },
  }
}

/** What differs from its default. */
const givenOf = (inputs: Reader, by: Kind): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (Object.keys(inputsOf[by]) as InputName[]).flatMap((name) => {
      const text = inputs.optional(name, anyText)
      return text === undefined || text === defaults[name] ? [] : [[name, text]]
    }),
  )

function readRouting(inputs: Reader, by: Kind, [blue, green]: readonly [string, string]): Routing {
  switch (by) {
    case 'cname-swap':
      return { by }
    case 'route53':
      return {
        by,
        hostedZoneId: inputs.optional('hosted-zone-id', hostedZoneId) ?? '',
        recordName: inputs.optional('record-name', recordName) ?? '',
        recordType: inputs.read('record-type', oneOf('cname', 'alias')),
        ttl: inputs.read('record-ttl', durationBetween('1s', '24h')),
        role: readZoneRole(inputs),
      }
    case 'load-balancer':
      return {
        by,
        rules: inputs.optional('listener-rules', arnsOfRules) ?? [],
        targetGroups: readTargetGroups(inputs, [blue, green]),
      }
    case 'command':
      return {
        by,
        read: inputs.optional('read-traffic-command', anyText) ?? '',
        write: inputs.optional('write-traffic-command', anyText) ?? '',
        ttl: inputs.read('record-ttl', durationBetween('1s', '24h')),
      }
  }
}

function readZoneRole(inputs: Reader): RecordRouting['role'] {
  const arn = inputs.optional('dns-role-to-assume', roleArn)
  return arn === undefined
    ? undefined
    : { arn, sessionName: inputs.read('role-session-name', roleSessionName) }
}

function readTargetGroups(
  inputs: Reader,
  [blue, green]: readonly [string, string],
): RuleRouting['targetGroups'] {
  const own = inputs.optional('blue-target-group', targetGroupArn)
  const other = inputs.optional('green-target-group', targetGroupArn)
  if (own === undefined && other === undefined) return undefined
  if (own === other)
    inputs.note({
      input: 'green-target-group',
      value: other,
      rule: 'It is the same target group as `blue-target-group`.',
      fix: 'Each environment needs one of its own.',
    })
  const alone =
    own === undefined ? 'blue-target-group' : other === undefined ? 'green-target-group' : undefined
  if (alone !== undefined)
    inputs.note({
      input: alone,
      value: undefined,
      rule: 'Only one of the two target groups is given.',
      fix: 'Give both, or none: then those that Beanstalk made on a shared load balancer are found.',
    })
  return { [blue]: own ?? '', [green]: other ?? '' }
}

/** What is missing for this way of moving traffic, and what belongs to another one and would be ignored. */
function noteNeeds(inputs: Reader, by: Kind): void {
  const known = inputsOf[by]
  const all = new Set(Object.values(inputsOf).flatMap((one) => Object.keys(one))) as Set<InputName>
  for (const input of all) {
    const value = inputs.optional(input, anyText)
    if (known[input] === 'required' && value === undefined)
      inputs.note({
        input,
        value: undefined,
        rule: `It is required with \`traffic: ${by}\`.`,
        fix: `Give \`${input}\`.`,
      })
    if (
      known[input] === undefined &&
      input !== 'production-url' &&
      value !== undefined &&
      value !== defaults[input]
    )
      inputs.note({
        input,
        value: undefined,
        rule: `It means nothing to \`traffic: ${by}\`.`,
        fix: `Leave it out, or say \`traffic: ${whose(input)}\`.`,
      })
  }
}

const whose = (input: InputName): string =>
  (Object.keys(inputsOf) as Kind[]).filter((by) => inputsOf[by][input] !== undefined).join('` or `traffic: ')

/** `10,50,100`: whole per cent, each more than the one before, 100 at the end. */
const steps: Parse<Settings['trafficSteps']> = (text) => {
  const all = text
    .split(',')
    .map((one) => (/^\s*\d{1,3}\s*%?\s*$/.test(one) ? Number.parseInt(one, 10) : Number.NaN))
  const [first, ...rest] = all
  const rises = all.every((one, at) => one > (all[at - 1] ?? 0))
  if (first !== undefined && rises && all.at(-1) === 100) return [first, ...rest]
  const good = [...new Set(all.filter((one) => one > 0 && one < 100))].sort((one, other) => one - other)
  return wrong(
    'It must list whole per cent, each more than the one before, with 100 at the end.',
    `Write for example \`${[...good, 100].join(',')}\`.`,
  )
}
