import { suffix } from '../load-balancing/ids.ts'
import type { HealthCheck, OwnTarget, TargetGroup } from '../load-balancing/model.ts'
import { setTags } from '../load-balancing/tags.ts'
import { makeTargetGroup } from '../load-balancing/target-groups.ts'
import { loadBalancerType } from './load-balancer.ts'
import type { Environment, Region } from './region.ts'
import { healthCheckPath, option, type Settings } from './settings.ts'

/** The target groups of an environment, one for each process, by the process's name. [DG:environments-cfg-alb] */
export function groupsOf({ balancing }: Region, { id }: Environment): ReadonlyMap<string, TargetGroup> {
  const own = [...balancing.targetGroups.values()].flatMap((group) =>
    group.own?.environment === id ? [[group.own.process, group] as const] : [],
  )
  return new Map(own)
}

/** Makes the target groups that the configuration asks for and that are not there yet, and sets how all are checked. */
export function makeProcessGroups(region: Region, environment: Environment): void {
  const known = groupsOf(region, environment)
  for (const process of processesOf(environment.settings)) {
    const group = known.get(process)
    if (group?.port === portOf(environment.settings, process)) {
      group.check = checkOf(environment.settings, process)
      continue
    }
    if (group) removeProcessGroups(region, [group])
    makeGroup(region, environment, process)
  }
}

/** Does the environment's Auto Scaling group put its instances behind its load balancer? True where that is not of ELBv2. */
export function isBehindBalancer(region: Region, environment: Environment): boolean {
  const own = groupsOf(region, environment).get('default')
  return own === undefined || environment.group?.targetGroups.includes(own.arn) !== false
}

/** Takes away the target groups of processes that the configuration does not have, or of all. */
export function removeProcessGroups({ balancing }: Region, groups: Iterable<TargetGroup>): void {
  for (const { arn } of groups) {
    balancing.targetGroups.delete(arn)
    balancing.tags.delete(arn)
  }
}

/** The processes of a configuration; `default` is always there. [DG:command-options-general aws:elasticbeanstalk:environment:process] */
export function processesOf(settings: Settings): readonly string[] {
  const named = [...settings.keys()].flatMap(
    (key) => /^aws:elasticbeanstalk:environment:process:([^|]+)\|/.exec(key)?.[1] ?? [],
  )
  return [...new Set(['default', ...named])]
}

/** Names as in real accounts: `awseb-AWSEB-15MUDOYVBCD0V`, `awseb-https-1T75SCD09HAAM`. [EB CLI: ebcli/resources/statics.py, elb_names] */
function makeGroup(region: Region, environment: Environment, process: string): TargetGroup {
  const { balancing } = region
  const { id, settings } = environment
  const isDefault = process === 'default'
  const port = portOf(settings, process)
  const kind = isDefault ? 'AWSEB' : process.replace(/[^A-Za-z0-9]/g, '').slice(0, 11)
  const group = makeTargetGroup(balancing, {
    name: `awseb-${kind}-${suffix(balancing, `${id} ${process}`)}`,
    protocol: loadBalancerType(settings) === 'network' ? 'TCP' : 'HTTP',
    port,
    check: checkOf(settings, process),
    deregistrationDelay: processOption(settings, process, 'DeregistrationDelay') || '20',
    own: {
      environment: id,
      process,
      // Only nginx listens, on port 80 (assumed): the applications that run here have one process.
      answers: port === 80,
      targets: () => targetsOf(environment, groupsOf(region, environment).get(process)?.arn),
    },
  })
  tagAsOwn(region, environment, group.arn, `AWSEBV2LoadBalancerTargetGroup${isDefault ? '' : process}`)
  return group
}

/** The tags that CloudFormation and Beanstalk put on what they make for an environment. [DG:using-features.tagging] */
export function tagAsOwn(
  { balancing, cloud }: Region,
  { id, name }: Environment,
  arn: string,
  logicalId: string,
): void {
  const stack = `awseb-${id}-stack`
  setTags(balancing, arn, [
    { Key: 'elasticbeanstalk:environment-name', Value: name },
    { Key: 'elasticbeanstalk:environment-id', Value: id },
    { Key: 'Name', Value: name },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId },
    { Key: 'aws:cloudformation:stack-name', Value: stack },
    {
      Key: 'aws:cloudformation:stack-id',
      Value: `arn:aws:cloudformation:${cloud.region}:${cloud.account}:stack/${stack}/${id.slice(2)}`,
    },
  ])
}

/** The instances of an environment as its load balancer sees them; none when its group does not name the target group. */
function targetsOf(environment: Environment, arn: string | undefined): readonly OwnTarget[] {
  const { group, machines, out } = environment
  if (arn === undefined || !group?.targetGroups.includes(arn)) return []
  return [...machines.values()].map(({ id, registered, target }) => {
    if (registered) return { id, state: out ? 'unhealthy' : target }
    return { id, state: target === 'initial' ? 'initial' : 'draining' }
  })
}

/** [DG:command-options-general aws:elasticbeanstalk:environment:process:default] */
function checkOf(settings: Settings, process: string): HealthCheck {
  const value = (name: string) => processOption(settings, process, name)
  const isHttp = loadBalancerType(settings) !== 'network'
  return {
    enabled: true,
    protocol: isHttp ? 'HTTP' : 'TCP',
    port: 'traffic-port',
    path: process === 'default' ? healthCheckPath(settings) : value('HealthCheckPath') || '/',
    interval: Number(value('HealthCheckInterval') || '15'),
    timeout: Number(value('HealthCheckTimeout') || '5'),
    healthyThreshold: Number(value('HealthyThresholdCount') || '3'),
    unhealthyThreshold: Number(value('UnhealthyThresholdCount') || '5'),
    matcher: value('MatcherHTTPCode') || '200',
  }
}

/** A process is a port of the instances. [DG:environments-cfg-alb] */
export const portOf = (settings: Settings, process: string): number =>
  Number(processOption(settings, process, 'Port') || '80')

const processOption = (settings: Settings, process: string, name: string): string =>
  option(settings, `aws:elasticbeanstalk:environment:process:${process}`, name)
