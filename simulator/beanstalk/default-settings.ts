import { capital } from './ids.ts'
import type { LoadBalancerType } from './load-balancer.ts'
import type { Region } from './region.ts'
import type { Settings } from './settings.ts'

/** What default settings depend on. */
export interface Base {
  readonly id: string
  readonly name: string
  readonly single: boolean
  readonly balancer: LoadBalancerType
  readonly shared: boolean
  readonly tier: 'web' | 'worker'
}

/** The settings that an environment has when nobody asks for others. [DG:command-options-general] */
export function defaultSettings({ cloud }: Region, base: Base): Settings {
  const { id, name, single, tier } = base
  const values: Record<string, Record<string, string>> = {
    'aws:autoscaling:asg': {
      'Availability Zones': 'Any',
      Cooldown: '360',
      'Custom Availability Zones': '',
      MinSize: '1',
      MaxSize: single ? '1' : '4',
    },
    'aws:autoscaling:launchconfiguration': {
      IamInstanceProfile: 'aws-elasticbeanstalk-ec2-role',
      InstanceType: 't3.micro',
      MonitoringInterval: '5 minute',
      SecurityGroups: `awseb-${id}-stack-AWSEBSecurityGroup-${capital(cloud.random, 12)}`,
    },
    'aws:autoscaling:trigger': {
      BreachDuration: '5',
      LowerBreachScaleIncrement: '-1',
      LowerThreshold: '2000000',
      MeasureName: 'NetworkOut',
      Period: '5',
      Statistic: 'Average',
      Unit: 'Bytes',
      UpperBreachScaleIncrement: '1',
      UpperThreshold: '6000000',
    },
    'aws:autoscaling:updatepolicy:rollingupdate': {
      RollingUpdateEnabled: 'false',
      RollingUpdateType: 'Time',
      Timeout: 'PT30M',
    },
    'aws:cloudformation:template:parameter': {
      AppSource: `https://elasticbeanstalk-platform-assets-${cloud.region}.s3.${cloud.region}.amazonaws.com/sample.zip`,
      HooksPkgUrl: '',
      InstancePort: '80',
      InstanceTypeFamily: 't3',
    },
    'aws:ec2:vpc': {
      VPCId: 'vpc-0a1b2c3d4e5f60718',
      Subnets: 'subnet-0aaaa1111bbbb2222',
      ELBScheme: 'public',
    },
    'aws:elasticbeanstalk:application': { 'Application Healthcheck URL': '' },
    'aws:elasticbeanstalk:command': {
      BatchSize: '100',
      BatchSizeType: 'Percentage',
      DeploymentPolicy: 'AllAtOnce',
      IgnoreHealthCheck: 'false',
      Timeout: '600',
    },
    'aws:elasticbeanstalk:control': {
      DefaultSSHPort: '22',
      LaunchTimeout: '0',
      RollbackLaunchOnFailure: 'false',
    },
    'aws:elasticbeanstalk:environment': {
      EnvironmentType: single ? 'SingleInstance' : 'LoadBalanced',
      ServiceRole: 'aws-elasticbeanstalk-service-role',
      ...(!single && { LoadBalancerType: base.balancer }),
      ...(base.balancer === 'application' && { LoadBalancerIsShared: String(base.shared) }),
    },
    'aws:elasticbeanstalk:healthreporting:system': {
      ConfigDocument: '{"Version":1,"CloudWatchMetrics":{"Instance":{},"Environment":{}}}',
      HealthCheckSuccessThreshold: 'Ok',
      SystemType: 'enhanced',
    },
    'aws:elasticbeanstalk:hostmanager': { LogPublicationControl: 'false' },
    'aws:elasticbeanstalk:managedactions': { ManagedActionsEnabled: 'false' },
    'aws:elasticbeanstalk:monitoring': { 'Automatically Terminate Unhealthy Instances': 'true' },
    'aws:elasticbeanstalk:sns:topics': {
      'Notification Endpoint': '',
      'Notification Protocol': 'email',
      'Notification Topic ARN': `arn:aws:sns:${cloud.region}:${cloud.account}:ElasticBeanstalkNotifications-Environment-${name}`,
    },
    'aws:elasticbeanstalk:xray': { XRayEnabled: 'false' },
    ...(!single && tier === 'web' && loadBalancer(base, capital(cloud.random, 12))),
    ...(tier === 'worker' && {
      'aws:elasticbeanstalk:sqsd': {
        HttpPath: '/',
        WorkerQueueURL: `https://sqs.${cloud.region}.amazonaws.com/${cloud.account}/awseb-${id}-stack-AWSEBWorkerQueue`,
      },
    }),
  }
  const entries = Object.entries(values).flatMap(([namespace, options]) =>
    Object.entries(options).map(([key, value]) => [`${namespace}|${key}`, value] as const),
  )
  return new Map(entries)
}

function loadBalancer(
  { id, balancer, shared }: Base,
  suffix: string,
): Record<string, Record<string, string>> {
  const SecurityGroups = `awseb-${id}-stack-AWSEBLoadBalancerSecurityGroup-${suffix}`
  const process = 'aws:elasticbeanstalk:environment:process:default'
  switch (balancer) {
    case 'none':
      return {}
    case 'classic':
      return {
        [process]: processDefaults,
        'aws:elb:healthcheck': {
          HealthyThreshold: '3',
          Interval: '10',
          Timeout: '5',
          UnhealthyThreshold: '5',
        },
        'aws:elb:listener': { InstancePort: '80', ListenerEnabled: 'true', ListenerProtocol: 'HTTP' },
        'aws:elb:loadbalancer': { CrossZone: 'false', LoadBalancerHTTPPort: '80', SecurityGroups },
        'aws:elb:policies': { ConnectionDrainingEnabled: 'false', ConnectionDrainingTimeout: '20' },
      }
    case 'network':
      return {
        [process]: { ...processDefaults, Protocol: 'TCP' },
        'aws:elbv2:listener:default': { ListenerEnabled: 'true', Protocol: 'TCP', DefaultProcess: 'default' },
      }
    case 'application':
      return {
        [process]: processDefaults,
        'aws:elasticbeanstalk:trafficsplitting': { EvaluationTime: '5', NewVersionPercent: '10' },
        // "Shared load balancers don't have a default listener." [DG:command-options-general]
        ...(!shared && {
          'aws:elbv2:listener:default': {
            ListenerEnabled: 'true',
            Protocol: 'HTTP',
            DefaultProcess: 'default',
          },
        }),
        'aws:elbv2:loadbalancer': { ...(!shared && { AccessLogsS3Enabled: 'false' }), SecurityGroups },
      }
  }
}

const processDefaults = {
  DeregistrationDelay: '20',
  HealthCheckInterval: '15',
  HealthCheckPath: '/',
  HealthCheckTimeout: '5',
  HealthyThresholdCount: '3',
  Port: '80',
  Protocol: 'HTTP',
  StickinessEnabled: 'false',
  UnhealthyThresholdCount: '5',
}
