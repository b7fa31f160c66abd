import {
  DescribeEventsCommand,
  type DescribeEventsMessage,
  type EventDescription,
} from '@aws-sdk/client-elastic-beanstalk'
import type { BeanstalkEvent, Instant } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { reading } from './errors.ts'
import { meaningOfEvent } from './event-texts.ts'

/** An environment's events from `since` (included) on, oldest first. By id: names are used again. [BC:elasticbeanstalk] (A.14) */
export async function eventsOf(
  clients: Clients,
  id: string,
  since: Instant,
): Promise<readonly BeanstalkEvent[]> {
  const found: BeanstalkEvent[] = []
  let page: string | undefined
  do {
    const { Events = [], NextToken } = await describeEvents(clients, {
      EnvironmentId: id,
      MaxRecords: 1000,
      ...(since > 0 ? { StartTime: new Date(since) } : {}),
      ...(page ? { NextToken: page } : {}),
    })
    found.push(...Events.map(toEvent))
    page = NextToken
  } while (page)
  return found.reverse()
}

/** When the environment's newest event happened; 0 when it has none. */
export async function newestEventAt(clients: Clients, id: string): Promise<Instant> {
  const { Events = [] } = await describeEvents(clients, { EnvironmentId: id, MaxRecords: 1 })
  return Events[0]?.EventDate?.getTime() ?? 0
}

const describeEvents = (clients: Clients, input: DescribeEventsMessage) =>
  reading(
    { to: `list the events of ${input.EnvironmentId}`, action: 'elasticbeanstalk:DescribeEvents' },
    () => clients.beanstalk.send(new DescribeEventsCommand(input)),
  )

function toEvent({ EventDate, Message = '', Severity, RequestId }: EventDescription): BeanstalkEvent {
  return {
    at: EventDate?.getTime() ?? 0,
    message: Message,
    severity: severityOf(Severity),
    requestId: RequestId || undefined,
    says: meaningOfEvent(Message),
  }
}

function severityOf(severity: string | undefined): BeanstalkEvent['severity'] {
  switch (severity) {
    case 'ERROR':
    case 'FATAL':
      return 'error'
    case 'WARN':
      return 'warn'
    default:
      return 'info'
  }
}
