import type { Groups } from '../auto-scaling/group.ts'
import { autoScalingOperations } from '../auto-scaling/operations.ts'
import { scheduledOperations } from '../auto-scaling/scheduled-operations.ts'
import { targetGroupOperations } from '../auto-scaling/target-group-operations.ts'
import { closableClock } from '../closable-clock.ts'
import type { Cloud, Operation, Service } from '../cloud.ts'
import type { DataPlane } from '../data-plane/data-plane.ts'
import type { Names } from '../dns/names.ts'
import { balancingService, createBalancing, lookIn } from '../load-balancing/balancing.ts'
import { type BalancingState, balancingState } from '../load-balancing/state.ts'
import type { Buckets } from '../s3/store.ts'
import { abortEnvironmentUpdate } from './abort.ts'
import { createApplication, describeApplications, updateApplication } from './applications.ts'
import { type ByHand, byHandIn } from './by-hand.ts'
import { checkDnsAvailability } from './cnames.ts'
import { deleteEnvironmentConfiguration, describeConfigurationSettings } from './configuration.ts'
import { createEnvironment } from './create-environment.ts'
import { deleteApplication } from './delete-application.ts'
import { deleteApplicationVersion } from './delete-version.ts'
import { describeEnvironments } from './describe-environments.ts'
import { describeEvents } from './events.ts'
import { type Given, givenIn } from './given.ts'
import { describeEnvironmentHealth, describeInstancesHealth } from './health/describe.ts'
import { updateApplicationResourceLifecycle } from './lifecycle.ts'
import { requestEnvironmentInfo, retrieveEnvironmentInfo } from './logs.ts'
import { applyEnvironmentManagedAction } from './managed/apply.ts'
import {
  describeEnvironmentManagedActionHistory,
  describeEnvironmentManagedActions,
} from './managed/describe.ts'
import { beanstalkNames } from './names.ts'
import { notAllowed } from './not-allowed.ts'
import {
  associateEnvironmentOperationsRole,
  disassociateEnvironmentOperationsRole,
} from './operations-role.ts'
import { describeConfigurationOptions } from './options/describe.ts'
import { validateConfigurationSettings } from './options/validate.ts'
import { listPlatformBranches } from './platforms/branches.ts'
import { describePlatformVersion, listPlatformVersions } from './platforms/versions.ts'
import { describeAccountAttributes, type Quotas } from './quotas.ts'
import { rebuildEnvironment } from './rebuild.ts'
import type { Event, Region } from './region.ts'
import { createStorageLocation, describeEnvironmentResources } from './resources.ts'
import { restartAppServer } from './restart.ts'
import { firstStacks, listAvailableSolutionStacks } from './stacks.ts'
import { type BeanstalkState, stateOf } from './state.ts'
import { swapEnvironmentCnames } from './swap.ts'
import { listTagsForResource, updateTagsForResource } from './tags.ts'
import {
  createConfigurationTemplate,
  deleteConfigurationTemplate,
  updateConfigurationTemplate,
} from './templates.ts'
import { terminateEnvironment } from './terminate.ts'
import { updateEnvironment } from './update-environment.ts'
import {
  createApplicationVersion,
  describeApplicationVersions,
  updateApplicationVersion,
} from './versions.ts'

/** Elastic Beanstalk with the Auto Scaling groups of its environments, in one account and region. */
export interface Beanstalk {
  readonly services: readonly Service[]
  /** What names under elasticbeanstalk.com and names of load balancers resolve to now. */
  readonly names: Names
  readonly given: Given
  readonly byHand: ByHand
  state(): BeanstalkState
  /** The load balancers and target groups, those of environments and those of the user's. */
  balancers(): BalancingState
  /** Every event of every environment, oldest first. */
  events(): readonly Event[]
  /** Drops everything that is planned: no operation goes on. The data plane is closed by whoever made it. */
  close(): void
}

/** What an Elastic Beanstalk is put together from. */
export interface BeanstalkParts {
  readonly dataPlane: DataPlane
  readonly buckets: Buckets
  readonly quotas: Quotas
}

/** An empty Elastic Beanstalk. */
export function createBeanstalk(cloud: Cloud, { dataPlane, buckets, quotas }: BeanstalkParts): Beanstalk {
  const clock = closableClock(cloud.clock)
  const groups: Groups = new Map()
  const balancing = createBalancing({ ...cloud, clock }, dataPlane, groups)
  const region: Region = {
    cloud: { ...cloud, clock },
    dataPlane,
    buckets,
    groups,
    balancing,
    quotas,
    stacks: [...firstStacks],
    applications: new Map(),
    environments: [],
    events: [],
    names: new Map(),
    heldNames: new Map(),
    sharedLoadBalancers: new Map(),
    databases: [],
  }
  return {
    services: [
      { scope: 'elasticbeanstalk', operations: operationsOf(region) },
      { scope: 'autoscaling', operations: groupOperations(region) },
      balancingService(balancing),
    ],
    names: beanstalkNames(region),
    given: givenIn(region),
    byHand: byHandIn(region),
    state: () => stateOf(region),
    balancers: () => balancingState(balancing),
    events: () => region.events,
    close: () => clock.close(),
  }
}

const groupOperations = ({ cloud, groups, balancing }: Region): Readonly<Record<string, Operation>> => ({
  ...autoScalingOperations(cloud, groups),
  ...scheduledOperations(cloud, groups),
  ...targetGroupOperations(groups, lookIn(balancing)),
})

function operationsOf(region: Region): Readonly<Record<string, Operation>> {
  return {
    AbortEnvironmentUpdate: (input, call) => abortEnvironmentUpdate(region, input, call),
    ApplyEnvironmentManagedAction: (input) => applyEnvironmentManagedAction(region, input),
    AssociateEnvironmentOperationsRole: (input) => associateEnvironmentOperationsRole(region, input),
    CheckDNSAvailability: (input) => checkDnsAvailability(region, input),
    ComposeEnvironments: (_, call) => notAllowed(region, call),
    CreateApplication: (input) => createApplication(region, input),
    CreateApplicationVersion: (input, call) => createApplicationVersion(region, input, call),
    CreateConfigurationTemplate: (input, call) => createConfigurationTemplate(region, input, call),
    CreateEnvironment: (input, call) => createEnvironment(region, input, call),
    CreatePlatformVersion: (_, call) => notAllowed(region, call),
    CreateStorageLocation: () => createStorageLocation(region),
    DeleteApplication: (input, call) => deleteApplication(region, input, call),
    DeleteApplicationVersion: (input) => deleteApplicationVersion(region, input),
    DeleteConfigurationTemplate: (input) => deleteConfigurationTemplate(region, input),
    DeleteEnvironmentConfiguration: (input) => deleteEnvironmentConfiguration(region, input),
    DeletePlatformVersion: (_, call) => notAllowed(region, call),
    DescribeAccountAttributes: () => describeAccountAttributes(region),
    DescribeApplicationVersions: (input) => describeApplicationVersions(region, input),
    DescribeApplications: (input) => describeApplications(region, input),
    DescribeConfigurationOptions: (input) => describeConfigurationOptions(region, input),
    DescribeConfigurationSettings: (input) => describeConfigurationSettings(region, input),
    DescribeEnvironmentHealth: (input) => describeEnvironmentHealth(region, input),
    DescribeEnvironmentManagedActionHistory: (input) =>
      describeEnvironmentManagedActionHistory(region, input),
    DescribeEnvironmentManagedActions: (input) => describeEnvironmentManagedActions(region, input),
    DescribeEnvironmentResources: (input) => describeEnvironmentResources(region, input),
    DescribeEnvironments: (input) => describeEnvironments(region, input),
    DescribeEvents: (input) => describeEvents(region, input),
    DescribeInstancesHealth: (input) => describeInstancesHealth(region, input),
    DescribePlatformVersion: (input) => describePlatformVersion(region, input),
    DisassociateEnvironmentOperationsRole: (input) => disassociateEnvironmentOperationsRole(region, input),
    ListAvailableSolutionStacks: () => listAvailableSolutionStacks(region),
    ListPlatformBranches: (input) => listPlatformBranches(region, input),
    ListPlatformVersions: (input) => listPlatformVersions(region, input),
    ListTagsForResource: (input) => listTagsForResource(region, input),
    RebuildEnvironment: (input, call) => rebuildEnvironment(region, input, call),
    RequestEnvironmentInfo: (input, call) => requestEnvironmentInfo(region, input, call),
    RestartAppServer: (input, call) => restartAppServer(region, input, call),
    RetrieveEnvironmentInfo: (input, call) => retrieveEnvironmentInfo(region, input, call),
    SwapEnvironmentCNAMEs: (input, call) => swapEnvironmentCnames(region, input, call),
    TerminateEnvironment: (input, call) => terminateEnvironment(region, input, call),
    UpdateApplication: (input) => updateApplication(region, input),
    UpdateApplicationResourceLifecycle: (input) => updateApplicationResourceLifecycle(region, input),
    UpdateApplicationVersion: (input) => updateApplicationVersion(region, input),
    UpdateConfigurationTemplate: (input) => updateConfigurationTemplate(region, input),
    UpdateEnvironment: (input, call) => updateEnvironment(region, input, call),
    UpdateTagsForResource: (input, call) => updateTagsForResource(region, input, call),
    ValidateConfigurationSettings: (input) => validateConfigurationSettings(region, input),
  }
}
