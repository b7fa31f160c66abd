"""A blue/green deployment with boto3, in its own words: waiters, paginators, resources' own parsing. See other-clients-check.sh."""

import sys
import time

import boto3
from botocore.exceptions import ClientError, WaiterError

bundles, region = sys.argv[1:]
eb = boto3.client('elasticbeanstalk', region_name=region)
s3 = boto3.resource('s3', region_name=region)
soon = {'Delay': 1, 'MaxAttempts': 60}


def wait(name, environment):
    time.sleep(0.05)  # 15 s of the simulator's: a read may be some seconds old, and the waiter takes an old Ready for the end
    eb.get_waiter(name).wait(EnvironmentNames=[environment], WaiterConfig=soon)


def environment(name):
    return eb.describe_environments(EnvironmentNames=[name], IncludeDeleted=False)['Environments'][0]


def processed(label):
    """boto3 has no waiter for it, and Beanstalk takes no version that it has not processed."""
    for _ in range(200):
        version = eb.describe_application_versions(ApplicationName='boto', VersionLabels=[label])['ApplicationVersions'][0]
        if version['Status'] == 'PROCESSED':
            return
        assert version['Status'] != 'FAILED', version
        time.sleep(0.05)
    raise AssertionError(f'version {label} is not processed')


bucket = eb.create_storage_location()['S3Bucket']
for label in ('1', '2'):
    s3.Bucket(bucket).upload_file(f'{bundles}/{label}.zip', f'boto/{label}.zip')
    eb.create_application_version(
        ApplicationName='boto', VersionLabel=label, AutoCreateApplication=True, Process=True,
        SourceBundle={'S3Bucket': bucket, 'S3Key': f'boto/{label}.zip'},
    )
for label in ('1', '2'):
    processed(label)
assert [o.key for o in s3.Bucket(bucket).objects.filter(Prefix='boto/')] == ['boto/1.zip', 'boto/2.zip']
stack = next(one for one in eb.list_available_solution_stacks()['SolutionStacks'] if 'Node.js 22' in one)
for name, prefix in (('boto-blue', {'CNAMEPrefix': 'boto'}), ('boto-green', {})):
    eb.create_environment(ApplicationName='boto', EnvironmentName=name, VersionLabel='1', SolutionStackName=stack, **prefix)
for name in ('boto-blue', 'boto-green'):
    wait('environment_updated', name)

try:
    eb.update_environment(EnvironmentName='boto-green', VersionLabel='none')
    raise AssertionError('a version that is not there was deployed')
except ClientError as error:
    assert error.response['Error']['Code'] == 'InvalidParameterValue', error
    assert error.response['ResponseMetadata']['HTTPStatusCode'] == 400, error

answer = eb.update_environment(EnvironmentName='boto-green', VersionLabel='2')
wait('environment_updated', 'boto-green')
assert environment('boto-green')['VersionLabel'] == '2'
pages = eb.get_paginator('describe_events').paginate(
    RequestId=answer['ResponseMetadata']['RequestId'], PaginationConfig={'PageSize': 2}
)
messages = [event['Message'] for page in pages for event in page['Events']]
assert messages[0] == 'Environment update completed successfully.' and len(messages) > 2, messages

before = environment('boto-green')
eb.swap_environment_cnames(SourceEnvironmentName='boto-blue', DestinationEnvironmentName='boto-green')
wait('environment_updated', 'boto-green')
after = environment('boto-green')
assert after['CNAME'] == f'boto.{region}.elasticbeanstalk.com', after['CNAME']
assert after['EndpointURL'] == before['EndpointURL'] and after['DateUpdated'] >= before['DateUpdated']

eb.terminate_environment(EnvironmentName='boto-blue')
wait('environment_terminated', 'boto-blue')
try:
    eb.get_waiter('environment_exists').wait(EnvironmentNames=['boto-none'], WaiterConfig={'Delay': 1, 'MaxAttempts': 2})
    raise AssertionError('an environment that is not there exists')
except WaiterError:
    pass
print('boto3', boto3.__version__)
