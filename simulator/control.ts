import { orderByHand } from './control-by-hand.ts'
import { type Ordered, orderCertificate, orderName } from './control-names.ts'
import type { CallFault, CallFaultOrder, EnvironmentFault, EnvironmentFaultOrder } from './faults.ts'
import type { Simulator } from './simulator.ts'
import { splitPath, text, type WireRequest, type WireResponse } from './wire/request.ts'

/** Is this request for the simulator itself, not for AWS? */
export const isControl = (request: WireRequest) => request.path.startsWith('/_simulator/')

/** Answers the control API (JSON): state, calls, faults, what is done by hand, certificates, names. A mistake in the request is a 400 with a sentence. */
export function answerControl(simulator: Simulator, request: WireRequest): WireResponse {
  switch (`${request.method} ${splitPath(request.path).path}`) {
    case 'GET /_simulator/state':
      return json(200, stateOf(simulator))
    case 'GET /_simulator/calls':
      return json(200, { calls: simulator.calls, bugs: simulator.bugs })
    case 'POST /_simulator/faults': {
      const order = readOrder(Buffer.from(request.body).toString('utf8'))
      if (typeof order === 'string') return json(400, { message: order })
      simulator.cloud.faults.order(order)
      return json(201, order)
    }
    case 'POST /_simulator/certificates':
      return ordered(orderCertificate(simulator, bodyOf(request)))
    case 'POST /_simulator/by-hand':
      return ordered(orderByHand(simulator, bodyOf(request)))
    case 'POST /_simulator/names':
      return ordered(orderName(simulator, bodyOf(request)))
    case 'GET /_simulator/ca':
      return simulator.ca === undefined
        ? json(404, { message: 'Nothing serves TLS here: certificates are names only' })
        : { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: text(simulator.ca) }
    case 'DELETE /_simulator/faults':
      simulator.cloud.faults.clear()
      return { status: 204, headers: {}, body: new Uint8Array() }
    default:
      return json(404, { message: `There is no ${request.method} ${request.path} here` })
  }
}

const bodyOf = ({ body }: WireRequest): unknown => parse(Buffer.from(body).toString('utf8'))

const ordered = (order: Ordered): WireResponse =>
  'refused' in order ? json(400, { message: order.refused }) : json(201, order.is)

const json = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: text(`${JSON.stringify(value, undefined, 2)}\n`),
})

function stateOf({ cloud, beanstalk, buckets, names, route53, zone }: Simulator): unknown {
  const state = beanstalk.state()
  const cnames = state.environments.flatMap(({ cname }) => cname ?? [])
  const known = [...cnames, ...zone.records().map(({ name }) => name)]
  return {
    time: new Date(cloud.clock.now()).toISOString(),
    region: cloud.region,
    account: cloud.account,
    switches: cloud.switches,
    ...state,
    ...beanstalk.balancers(),
    names: Object.fromEntries(known.map((name) => [name, names.resolve(name)])),
    hostedZones: route53.shown(),
    certificates: cloud.certificates.all(),
    buckets: Object.fromEntries(buckets.names().map((bucket) => [bucket, buckets.keys(bucket)])),
  }
}

function readOrder(body: string): CallFaultOrder | EnvironmentFaultOrder | string {
  const order = parse(body)
  if (typeof order !== 'object' || order === null) return 'The body must be a fault order in JSON'
  const { fault, operation } = order as Record<string, unknown>
  if (typeof fault !== 'string') return 'A fault order needs `fault`'
  if (fault in CALL_FAULTS) {
    return typeof operation === 'string'
      ? (order as CallFaultOrder)
      : `The fault ${fault} needs \`operation\`: a name such as UpdateEnvironment, or *`
  }
  if (!(fault in ENVIRONMENT_FAULTS)) {
    const known = [...Object.keys(CALL_FAULTS), ...Object.keys(ENVIRONMENT_FAULTS)].join(', ')
    return `There is no fault ${fault}; there are ${known}`
  }
  return operation === undefined
    ? (order as EnvironmentFaultOrder)
    : `The fault ${fault} takes no \`operation\``
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const CALL_FAULTS: Readonly<Record<CallFault, true>> = {
  throttled: true,
  'server-error': true,
  unavailable: true,
  'reset-before': true,
  'answer-lost': true,
  unanswered: true,
  slow: true,
  'expired-credentials': true,
  'clock-skew': true,
  denied: true,
}

const ENVIRONMENT_FAULTS: Readonly<Record<EnvironmentFault, true>> = {
  'deployment-fails': true,
  'deployment-rolls-back': true,
  'launch-with-errors': true,
  'never-healthy': true,
  'health-flaps': true,
  'terminate-fails': true,
  'stuck-terminating': true,
  'stuck-updating': true,
  'managed-update': true,
  'app-crashes-after-swap': true,
  'human-swaps-back': true,
}
