import type { Call } from '../cloud.ts'
import { invalid } from './errors.ts'
import type { Environment, Event, Region, Severity } from './region.ts'

/** Writes a line about an environment; without a call it gets no RequestId. */
export function say(
  region: Region,
  environment: Environment,
  line: { readonly message: string; readonly severity?: Severity; readonly call?: Call | undefined },
): void {
  const { message, severity = 'INFO', call } = line
  region.events.push({
    at: milliseconds(region),
    message,
    severity,
    application: environment.application,
    environment: { id: environment.id, name: environment.name },
    ...(call && { requestId: call.requestId }),
  })
}

/** Whole, as AWS's timestamps are: an EventDate that comes back as StartTime must find its event. */
function milliseconds({ cloud }: Region): number {
  return Math.floor(cloud.clock.now())
}

/** Lines of one operation on one environment. */
export interface Say {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** How an operation writes its lines, with its RequestId. */
export function sayer(region: Region, environment: Environment, call: Call): Say {
  const at = (severity: Severity) => (message: string) =>
    say(region, environment, { message, severity, call })
  return { info: at('INFO'), warn: at('WARN'), error: at('ERROR') }
}

/** A line about an application as a whole. */
export function sayOfApplication(
  region: Region,
  { application, severity, call }: { application: string; severity: Severity; call: Call },
  message: string,
): void {
  region.events.push({ at: milliseconds(region), message, severity, application, requestId: call.requestId })
}

/** A line about a template. */
export function sayOfTemplate(
  region: Region,
  { application, template, call }: { application: string; template: string; call: Call },
  message: string,
): void {
  const at = milliseconds(region)
  region.events.push({ at, message, severity: 'INFO', application, template, requestId: call.requestId })
}

/** A line about a version, which belongs to no environment. [CLI:tests/unit/mock_responses.py] */
export function sayOfVersion(
  region: Region,
  { application, version, call }: { application: string; version: string; call: Call },
  message: string,
): void {
  const at = milliseconds(region)
  region.events.push({ at, message, severity: 'INFO', application, version, requestId: call.requestId })
}

/**
 * `DescribeEvents`: newest first, `StartTime` inclusive, `EndTime` exclusive, `Severity` or worse, at most 1,000 a page.
 * [BC:elasticbeanstalk DescribeEventsMessage]
 */
export function describeEvents(region: Region, input: EventFilter) {
  const { StartTime, EndTime, MaxRecords = 1_000, NextToken } = input
  const worst = severities.indexOf(input.Severity ?? 'TRACE')
  const since = StartTime?.getTime() ?? Number.NEGATIVE_INFINITY
  const until = EndTime?.getTime() ?? Number.POSITIVE_INFINITY
  const found: Event[] = []
  // The token is a position in the record, so that lines that come in between two pages move nothing.
  let position = NextToken === undefined ? region.events.length : Number(NextToken)
  if (!Number.isInteger(position)) throw invalid('Invalid NextToken.')
  while (position > 0 && found.length < MaxRecords) {
    const event = region.events[--position] as Event
    if (event.at < since) position = 0
    else if (event.at < until && severities.indexOf(event.severity) >= worst && fits(event, input))
      found.push(event)
  }
  return {
    Events: found.map(describe),
    ...(position > 0 && { NextToken: String(position) }),
  }
}

interface EventFilter {
  readonly ApplicationName?: string
  readonly VersionLabel?: string
  readonly TemplateName?: string
  readonly EnvironmentId?: string
  readonly EnvironmentName?: string
  readonly RequestId?: string
  readonly Severity?: Severity
  readonly StartTime?: Date
  readonly EndTime?: Date
  readonly MaxRecords?: number
  readonly NextToken?: string
}

const severities: readonly Severity[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

function fits(event: Event, filter: EventFilter): boolean {
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [filter.ApplicationName, event.application],
    [filter.VersionLabel, event.version],
    [filter.TemplateName, event.template],
    [filter.EnvironmentId, event.environment?.id],
    [filter.EnvironmentName, event.environment?.name],
    [filter.RequestId, event.requestId],
  ]
  return pairs.every(([wanted, is]) => wanted === undefined || wanted === is)
}

function describe(event: Event) {
  return {
    EventDate: new Date(event.at),
    Message: event.message,
    ApplicationName: event.application,
    ...(event.environment && { EnvironmentName: event.environment.name }),
    ...(event.version && { VersionLabel: event.version }),
    ...(event.template && { TemplateName: event.template }),
    ...(event.requestId && { RequestId: event.requestId }),
    Severity: event.severity,
  }
}
