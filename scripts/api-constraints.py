"""Writes simulator/wire/api-constraints.ts: what botocore's API models know and the JavaScript SDK's schemas do not
(required members, lengths, ranges, patterns, enums, whole numbers), for the operations that the simulator has.

    python3 scripts/api-constraints.py
"""

import json
import pathlib

import botocore
import botocore.session

OPERATIONS = {
    'elasticbeanstalk': [
        'AbortEnvironmentUpdate', 'ApplyEnvironmentManagedAction', 'AssociateEnvironmentOperationsRole',
        'CheckDNSAvailability', 'ComposeEnvironments', 'CreateApplication', 'CreateApplicationVersion',
        'CreateConfigurationTemplate', 'CreateEnvironment', 'CreatePlatformVersion', 'CreateStorageLocation',
        'DeleteApplication', 'DeleteApplicationVersion', 'DeleteConfigurationTemplate',
        'DeleteEnvironmentConfiguration', 'DeletePlatformVersion', 'DescribeAccountAttributes',
        'DescribeApplicationVersions', 'DescribeApplications', 'DescribeConfigurationOptions',
        'DescribeConfigurationSettings', 'DescribeEnvironmentHealth',
        'DescribeEnvironmentManagedActionHistory', 'DescribeEnvironmentManagedActions',
        'DescribeEnvironmentResources', 'DescribeEnvironments', 'DescribeEvents', 'DescribeInstancesHealth',
        'DescribePlatformVersion', 'DisassociateEnvironmentOperationsRole', 'ListAvailableSolutionStacks',
        'ListPlatformBranches', 'ListPlatformVersions', 'ListTagsForResource', 'RebuildEnvironment',
        'RequestEnvironmentInfo', 'RestartAppServer', 'RetrieveEnvironmentInfo', 'SwapEnvironmentCNAMEs',
        'TerminateEnvironment', 'UpdateApplication', 'UpdateApplicationResourceLifecycle',
        'UpdateApplicationVersion', 'UpdateConfigurationTemplate', 'UpdateEnvironment',
        'UpdateTagsForResource', 'ValidateConfigurationSettings',
    ],
    'autoscaling': ['DescribeAutoScalingGroups', 'UpdateAutoScalingGroup', 'DescribeScalingActivities',
                    'SuspendProcesses', 'DescribeScheduledActions', 'PutScheduledUpdateGroupAction',
                    'DeleteScheduledAction', 'ResumeProcesses', 'SetDesiredCapacity',
                    'AttachLoadBalancerTargetGroups', 'DetachLoadBalancerTargetGroups',
                    'DescribeLoadBalancerTargetGroups'],
    'sts': ['GetCallerIdentity', 'AssumeRole', 'AssumeRoleWithWebIdentity'],
    'route53': ['CreateHostedZone', 'DeleteHostedZone', 'GetHostedZone', 'GetHostedZoneCount', 'ListHostedZones',
                'ListHostedZonesByName', 'UpdateHostedZoneComment', 'ListResourceRecordSets',
                'ChangeResourceRecordSets', 'GetChange', 'CreateHealthCheck', 'GetHealthCheck', 'ListHealthChecks',
                'UpdateHealthCheck', 'DeleteHealthCheck', 'GetHealthCheckCount', 'GetHealthCheckStatus',
                'TestDNSAnswer', 'ChangeTagsForResource', 'ListTagsForResource'],
    'elbv2': [
        'AddTags', 'CreateListener', 'CreateLoadBalancer', 'CreateRule', 'CreateTargetGroup', 'DeleteListener',
        'DeleteLoadBalancer', 'DeleteRule', 'DeleteTargetGroup', 'DeregisterTargets',
        'DescribeListeners', 'DescribeLoadBalancerAttributes', 'DescribeLoadBalancers', 'DescribeRules',
        'DescribeTags', 'DescribeTargetGroupAttributes', 'DescribeTargetGroups', 'DescribeTargetHealth',
        'ModifyListener', 'ModifyLoadBalancerAttributes', 'ModifyRule', 'ModifyTargetGroup',
        'ModifyTargetGroupAttributes', 'RegisterTargets', 'RemoveTags', 'SetRulePriorities',
    ],
}

# Where the SigV4 scope is not the name of the service's model.
SCOPES = {'elbv2': 'elasticloadbalancing'}

# The model says Green, Yellow, Red, Grey; the service sends Ready, Updating and so on, as the model's own prose says.
# Of an option's type it says Scalar or List; the service sends Boolean too (EB CLI, tests/unit/mock_responses.py).
WRONG = {('DescribeEnvironmentHealthResult', 'Status'), ('ConfigurationOptionDescription', 'ValueType')}


def limits(shape):
    found = {}
    meta = shape.metadata
    if shape.type_name in ('integer', 'long'):
        found['integer'] = True
    for name in ('min', 'max'):
        if name in meta:
            found[name] = meta[name]
    if meta.get('enum'):
        found['enum'] = meta['enum']
    if 'pattern' in meta:
        found['pattern'] = meta['pattern']
    return found


def collect(shape, into):
    if shape is None:
        return
    if shape.type_name == 'list':
        collect(shape.member, into)
    elif shape.type_name == 'map':
        collect(shape.value, into)
    elif shape.type_name == 'structure':
        if shape.name in into:
            return
        members = {}
        into[shape.name] = {'required': list(shape.required_members), 'members': members}
        for name, member in shape.members.items():
            own = limits(member)
            if member.type_name == 'list' and limits(member.member):
                own['each'] = limits(member.member)
            if (shape.name, name) in WRONG:
                own.pop('enum', None)
            if own:
                members[name] = own
            collect(member, into)


def main():
    session = botocore.session.get_session()
    table = {}
    for service, operations in OPERATIONS.items():
        model = session.get_service_model(service)
        shapes = {}
        for name in operations:
            operation = model.operation_model(name)
            collect(operation.input_shape, shapes)
            collect(operation.output_shape, shapes)
        table[SCOPES.get(service, service)] = dict(sorted((k, v) for k, v in shapes.items() if v['required'] or v['members']))
    out = pathlib.Path(__file__).parent.parent / 'simulator' / 'wire' / 'api-constraints.ts'
    lines = [
        '// biome-ignore-all format: one line for each structure',
        f'// Written by scripts/api-constraints.py from botocore {botocore.__version__}; do not edit.',
        "import type { ApiConstraints } from './constraints.ts'",
        '',
        '/** By SigV4 scope and structure: which members must be there, and what values may be. */',
        'export const apiConstraints: ApiConstraints = {',
    ]
    for service, shapes in table.items():
        lines.append(f'  {service}: {{')
        lines += [f'    {name}: {json.dumps(shape)},' for name, shape in shapes.items()]
        lines.append('  },')
    lines.append('}')
    out.write_text('\n'.join(lines) + '\n')


main()
