import { autoScalingOperations } from '../auto-scaling/operations.ts'
import type { Cloud, Operation, Service } from '../cloud.ts'
import type { DataPlane } from '../data-plane/data-plane.ts'
import type { Names } from '../dns/names.ts'
import type { Buckets } from '../s3/store.ts'
import { createApplication, describeApplications } from './applications.ts'
import { type ByHand, byHandIn } from './by-hand.ts'
import { closableClock } from './closable-clock.ts'
import { checkDnsAvailability } from './cnames.ts'
import { deleteEnvironmentConfiguration, describeConfigurationSettings } from './configuration.ts'
import { createEnvironment } from './create-environment.ts'
import { describeEnvironments } from './describe-environments.ts'
import { describeEvents } from './events.ts'
import { type Given, givenIn } from './given.ts'
import { describeEnvironmentHealth, describeInstancesHealth } from './health/describe.ts'
import { requestEnvironmentInfo, retrieveEnvironmentInfo } from './logs.ts'
import { beanstalkNames } from './names.ts'
import type { Event, Region } from './region.ts'
import { createStorageLocation, describeEnvironmentResources } from './resources.ts'
import { listAvailableSolutionStacks } from './stacks.ts'
import { type BeanstalkState, stateOf } from './state.ts'
import { swapEnvironmentCnames } from './swap.ts'
import { listTagsForResource, updateTagsForResource } from './tags.ts'
import { createConfigurationTemplate, deleteConfigurationTemplate } from './templates.ts'
import { terminateEnvironment } from './terminate.ts'
import { updateEnvironment } from './update-environment.ts'
import { createApplicationVersion, describeApplicationVersions } from './versions.ts'

/** Elastic Beanstalk with the Auto Scaling groups of its environments, in one account and region. */
export interface Beanstalk {
  readonly services: readonly Service[]
  /** What names under elasticbeanstalk.com and names of load balancers resolve to now. */
  readonly names: Names
  readonly given: Given
  readonly byHand: ByHand
  state(): BeanstalkState
  /** Every event of every environment, oldest first. */
  events(): readonly Event[]
  /** Drops everything that is planned: no operation goes on. The data plane is closed by whoever made it. */
  close(): void
}

/** An empty Elastic Beanstalk. */
export function createBeanstalk(cloud: Cloud, dataPlane: DataPlane, buckets: Buckets): Beanstalk {
  const clock = closableClock(cloud.clock)
  const region: Region = {
    cloud: { ...cloud, clock },
    dataPlane,
    buckets,
    groups: new Map(),
    applications: new Map(),
    environments: [],
    events: [],
    names: new Map(),
    heldNames: new Map(),
  }
  return {
    services: [
      { scope: 'elasticbeanstalk', operations: operationsOf(region) },
      { scope: 'autoscaling', operations: autoScalingOperations(region.cloud, region.groups) },
    ],
    names: beanstalkNames(region),
    given: givenIn(region),
    byHand: byHandIn(region),
    state: () => stateOf(region),
    events: () => region.events,
    close: () => clock.close(),
  }
}

function operationsOf(region: Region): Readonly<Record<string, Operation>> {
  return {
    CheckDNSAvailability: (input) => checkDnsAvailability(region, input),
    CreateApplication: (input) => createApplication(region, input),
    CreateApplicationVersion: (input, call) => createApplicationVersion(region, input, call),
    CreateConfigurationTemplate: (input, call) => createConfigurationTemplate(region, input, call),
    CreateEnvironment: (input, call) => createEnvironment(region, input, call),
    CreateStorageLocation: () => createStorageLocation(region),
    DeleteConfigurationTemplate: (input) => deleteConfigurationTemplate(region, input),
    DeleteEnvironmentConfiguration: (input) => deleteEnvironmentConfiguration(region, input),
    DescribeApplicationVersions: (input) => describeApplicationVersions(region, input),
    DescribeApplications: (input) => describeApplications(region, input),
    DescribeConfigurationSettings: (input) => describeConfigurationSettings(region, input),
    DescribeEnvironmentHealth: (input) => describeEnvironmentHealth(region, input),
    DescribeEnvironmentResources: (input) => describeEnvironmentResources(region, input),
    DescribeEnvironments: (input) => describeEnvironments(region, input),
    DescribeEvents: (input) => describeEvents(region, input),
    DescribeInstancesHealth: (input) => describeInstancesHealth(region, input),
    ListAvailableSolutionStacks: () => listAvailableSolutionStacks(),
    ListTagsForResource: (input) => listTagsForResource(region, input),
    RequestEnvironmentInfo: (input, call) => requestEnvironmentInfo(region, input, call),
    RetrieveEnvironmentInfo: (input) => retrieveEnvironmentInfo(region, input),
    SwapEnvironmentCNAMEs: (input, call) => swapEnvironmentCnames(region, input, call),
    TerminateEnvironment: (input, call) => terminateEnvironment(region, input, call),
    UpdateEnvironment: (input, call) => updateEnvironment(region, input, call),
    UpdateTagsForResource: (input, call) => updateTagsForResource(region, input, call),
  }
}
