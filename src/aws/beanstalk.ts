import { CheckDNSAvailabilityCommand, DescribeApplicationsCommand } from '@aws-sdk/client-elastic-beanstalk'
import { Failure } from '../deployment/errors.ts'
import type { Beanstalk } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { createTemplate, deleteTemplate, deployedOptions, templateOptions } from './configuration.ts'
import { causesOf, enhancedHealthOf, requestRateOf, versionsOnInstances } from './enhanced-health.ts'
import {
  configureEnvironment,
  createEnvironment,
  deployVersion,
  terminateEnvironment,
} from './environment-writes.ts'
import { describeEnvironments } from './environments.ts'
import { reading } from './errors.ts'
import { eventsOf, newestEventAt } from './events.ts'
import { together } from './together.ts'

/** Elastic Beanstalk, for one application. */
export function createBeanstalk(place: {
  readonly clients: Clients
  readonly application: string
}): Beanstalk {
  const { clients } = place
  return {
    find: (names) => describeEnvironments(place, { names }),
    read: together((ids) => describeEnvironments(place, { ids })),
    events: (id, since) => eventsOf(clients, id, since),
    newestEventAt: (id) => newestEventAt(clients, id),
    create: (order) => createEnvironment(place, order),
    deploy: (id, version, options) => deployVersion(clients, id, { version, options }),
    configure: (id, change) => configureEnvironment(clients, id, change),
    terminate: (id) => terminateEnvironment(clients, id),
    createTemplate: (name, fromId) => createTemplate(place, name, fromId),
    deleteTemplate: (name) => deleteTemplate(place, name),
    options: (name) => deployedOptions(place, name),
    templateOptions: (name) => templateOptions(place, name),
    versionsOnInstances: (id) => versionsOnInstances(clients, id),
    causes: (id) => causesOf(clients, id),
    requestRate: (id) => requestRateOf(clients, id),
    enhancedHealth: (id) => enhancedHealthOf(clients, id),
    all: () => describeEnvironments(place, 'all'),
    applications: () => applicationNames(clients),
    cnameOf: (prefix) => cnameOf(clients, prefix),
  }
}

async function applicationNames(clients: Clients): Promise<readonly string[]> {
  const { Applications = [] } = await reading(
    { to: 'list the applications', action: 'elasticbeanstalk:DescribeApplications' },
    () => clients.beanstalk.send(new DescribeApplicationsCommand({})),
  )
  return Applications.flatMap(({ ApplicationName }) => ApplicationName ?? [])
}

/** From AWS's own answer: the suffix differs between partitions (A.6). */
async function cnameOf(clients: Clients, prefix: string): Promise<string> {
  const { FullyQualifiedCNAME } = await reading(
    { to: `tell the whole name of the CNAME ${prefix}`, action: 'elasticbeanstalk:CheckDNSAvailability' },
    () => clients.beanstalk.send(new CheckDNSAvailabilityCommand({ CNAMEPrefix: prefix })),
  )
  if (!FullyQualifiedCNAME)
    throw new Failure(`AWS does not say the whole name of the CNAME prefix ${prefix}.`)
  return FullyQualifiedCNAME.toLowerCase()
}
