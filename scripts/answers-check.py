"""Every operation that the simulator has, called with botocore's real parser; what comes back is held against AWS's
service model, parsed and raw: no unknown members, required ones there, types, enums, lengths, patterns, timestamps, and
the request id of the header in the body. Elastic Beanstalk's reads are asked for in JSON once more.

    python3 scripts/answers-check.py            against AWS_ENDPOINT_URL; scripts/answers-check.sh starts a simulator for it

An operation of the model that this tour never asks for must not be simulated: the tour would have a hole.
"""

import io
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
import zipfile

import botocore.config
import botocore.exceptions
import botocore.session

# What the model says and the service does otherwise, with where that is known from.
WRONG = {
    # UPPERCASE on the wire. [CLI:ebcli/operations/commonops.py]
    ('ApplicationVersionDescription', 'Status'): ['PROCESSED', 'UNPROCESSED', 'FAILED', 'PROCESSING', 'BUILDING'],
    # Operational states, as the model's own prose says. [CLI:tests/unit/mock_responses.py]
    ('DescribeEnvironmentHealthResult', 'Status'): ['Launching', 'Updating', 'Ready', 'Terminating', 'Terminated'],
    ('ConfigurationOptionDescription', 'ValueType'): ['Scalar', 'List', 'Boolean'],
}
# Only the EB CLI's model has it. [CLI:ebcli/lib/botocoredata]
PRIVATE = {('ConfigurationSettingsDescription', 'Tier')}

seen = {}
complaints = []


def complain(where, what):
    complaints.append(f'{where}: {what}')


def check_value(text, shape, where, parent):
    """One leaf as it came over the wire."""
    kind, meta = shape.type_name, shape.metadata
    text = text or ''
    if kind in ('integer', 'long') and not re.fullmatch(r'-?\d+', text):
        return complain(where, f'{text!r} is no whole number')
    if kind in ('float', 'double') and not re.fullmatch(r'-?\d+(\.\d+)?(E-?\d+)?', text):
        return complain(where, f'{text!r} is no number')
    if kind == 'boolean' and text not in ('true', 'false'):
        return complain(where, f'{text!r} is no boolean')
    if kind == 'timestamp' and not re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', text):
        return complain(where, f'{text!r} is no ISO 8601 timestamp in UTC')
    if kind == 'string':
        allowed = WRONG.get(parent) or meta.get('enum')
        if allowed and text not in allowed:
            complain(where, f'{text!r} is none of {allowed}')
        check_size(len(text), meta, where)
        if 'pattern' in meta and not re.fullmatch(python_pattern(meta['pattern']), text, re.S):
            complain(where, f'{text!r} does not match {meta["pattern"]}')
    elif kind in ('integer', 'long', 'float', 'double'):
        check_size(float(text), meta, where)


def python_pattern(pattern):
    """Model patterns are Java's: Python knows neither \\p{…} nor surrogate escapes."""
    return '.*' if re.search(r'\\p\{|\\uD', pattern) else pattern


def check_size(size, meta, where):
    if 'min' in meta and size < meta['min']:
        complain(where, f'{size} is less than {meta["min"]}')
    if 'max' in meta and size > meta['max']:
        complain(where, f'{size} is more than {meta["max"]}')


def local(element):
    return element.tag.rsplit('}', 1)[-1]


def check_element(element, shape, where, parent=None):
    """An element and everything in it."""
    if shape.type_name == 'structure':
        return check_members(element, shape, where)
    if shape.type_name == 'list':
        name = shape.member.serialization.get('name', 'member')
        check_size(len(element), shape.metadata, where)
        for index, item in enumerate(element):
            if local(item) != name:
                complain(where, f'has <{local(item)}>, not <{name}>')
            check_element(item, shape.member, f'{where}[{index}]', parent)
        return None
    if shape.type_name == 'map':
        for entry in element:
            if sorted(local(one) for one in entry) != ['key', 'value']:
                complain(where, 'has an entry that is no key and value')
        return None
    if len(element):
        return complain(where, f'has children {[local(child) for child in element]}')
    return check_value(element.text, shape, where, parent)


def check_members(element, shape, where):
    names = {}
    for name, member in shape.members.items():
        if member.serialization.get('location') in ('header', 'headers', 'statusCode'):
            continue
        flat = member.type_name == 'list' and member.serialization.get('flattened')
        inner = member.member.serialization.get('name') if flat else None
        names[inner or member.serialization.get('name', name)] = (name, member.member if flat else member, flat)
    present, once = set(), set()
    for child in element:
        known = names.get(local(child))
        if known is None:
            if (shape.name, local(child)) not in PRIVATE:
                complain(where, f'<{local(child)}> is not in the model of {shape.name}')
            continue
        name, member, flat = known
        if name in once and not flat:
            complain(where, f'has {name} twice')
        once.add(name)
        present.add(name)
        check_element(child, member, f'{where}.{name}', (shape.name, name))
    for name in shape.required_members:
        if name not in present and shape.members[name].serialization.get('location') is None:
            complain(where, f'lacks {name}, which is required')


def check_query(model, operation, answer):
    where = operation.name
    root = ElementTree.fromstring(answer['body'])
    namespace = model.metadata.get('xmlNamespace')
    if root.tag != f'{{{namespace}}}{operation.name}Response':
        complain(where, f'its root is {root.tag}')
    children = [local(child) for child in root]
    result = operation.output_shape and operation.output_shape.serialization.get('resultWrapper')
    expected = [result, 'ResponseMetadata'] if result else ['ResponseMetadata']
    if children != expected:
        complain(where, f'has {children}, not {expected}')
    if result and children[:1] == [result]:
        check_element(root[0], operation.output_shape, where)
    check_request_id(where, root.find('.//{*}ResponseMetadata/{*}RequestId'), answer)


def check_request_id(where, element, answer):
    header = answer['headers'].get('x-amzn-requestid')
    if element is None or not header or element.text != header:
        complain(where, f'its header says request {header}, its body {None if element is None else element.text}')


def check_rest(operation, answer):
    root = ElementTree.fromstring(answer['body'])
    if root.tag != f'{{{ROUTE53_NAMESPACE}}}{operation.name}Response':
        complain(operation.name, f'its root is {root.tag}')
    if operation.output_shape:
        check_element(root, operation.output_shape, operation.name)
    if not answer['headers'].get('x-amzn-requestid'):
        complain(operation.name, 'has no request id')
    if operation.http.get('responseCode', 200) != answer['status_code']:
        complain(operation.name, f'its status is {answer["status_code"]}')


# Of its inputs; its answers have the same. [API reference, Route 53]
ROUTE53_NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/'


def check_error(model, where, answer):
    root = ElementTree.fromstring(answer['body'])
    if root.tag != f'{{{model.metadata.get("xmlNamespace", ROUTE53_NAMESPACE)}}}ErrorResponse':
        complain(where, f'the root of its error is {root.tag}')
    if [local(child) for child in root] != ['Error', 'RequestId']:
        complain(where, f'its error has {[local(child) for child in root]}')
    if [local(child) for child in root[0]] != ['Type', 'Code', 'Message']:
        complain(where, f'its Error has {[local(child) for child in root[0]]}')
    if root[0][0].text != ('Receiver' if answer['status_code'] >= 500 else 'Sender'):
        complain(where, f'{answer["status_code"]} is of type {root[0][0].text}')
    check_request_id(where, root[1], answer)


def check_s3(operation, answer):
    shape = operation.output_shape
    if shape is None or shape.serialization.get('payload') or not answer['body']:
        return
    check_element(ElementTree.fromstring(answer['body']), shape, operation.name)


def check_json(operation, value, shape, where):
    """The same in JSON, as the API answers old clients. Timestamps are seconds. [einaregilsson/beanstalk-deploy]"""
    if shape.type_name == 'structure':
        for name, member in value.items():
            # What is not there is null, also what only a newer model knows.
            if member is None:
                continue
            if name not in shape.members:
                if (shape.name, name) not in PRIVATE:
                    complain(where, f'{name} is not in the model of {shape.name} (JSON)')
            else:
                check_json(operation, member, shape.members[name], f'{where}.{name}')
        return
    if shape.type_name == 'list':
        for index, item in enumerate(value):
            check_json(operation, item, shape.member, f'{where}[{index}]')
        return
    kinds = {'string': str, 'boolean': bool, 'integer': int, 'long': int, 'timestamp': (int, float)}
    kind = kinds.get(shape.type_name, (int, float, dict))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        complain(where, f'{value!r} is no {shape.type_name} (JSON)')


def ask_in_json(request, operation):
    headers = {name: value for name, value in request.headers.items() if name.lower() != 'content-length'}
    body = request.body.encode() if isinstance(request.body, str) else request.body
    asked = urllib.request.Request(request.url, data=body, headers={**headers, 'Accept': 'application/json'})
    with urllib.request.urlopen(asked) as answer:
        body = json.load(answer)[f'{operation.name}Response']
        if body['ResponseMetadata']['RequestId'] != answer.headers['x-amzn-requestid']:
            complain(operation.name, 'header and body have two request ids (JSON)')
    if operation.output_shape:
        check_json(operation, body[f'{operation.name}Result'], operation.output_shape, operation.name)


READS = re.compile(r'^(Check|Describe|List|Retrieve|Validate)')


def client_of(session, service):
    client = session.create_client(
        service,
        config=botocore.config.Config(retries={'max_attempts': 0}, s3={'addressing_style': 'path'}),
    )
    model = client.meta.service_model
    sent = {}

    def before_send(request, event_name, **_):
        sent['request'] = request

    def received(response_dict, parsed_response, exception, event_name, **_):
        name = event_name.rsplit('.', 1)[-1]
        operation = model.operation_model(name)
        if exception:
            complain(name, f'botocore cannot parse the answer: {exception}')
            return
        good = response_dict['status_code'] < 300
        seen.setdefault(service, {}).setdefault(name, set()).add('answered' if good else parsed_response['Error']['Code'])
        if service == 's3':
            if good:
                check_s3(operation, response_dict)
            return
        if not good:
            check_error(model, name, response_dict)
            return
        if service == 'route53':
            check_rest(operation, response_dict)
            return
        check_query(model, operation, response_dict)
        if service == 'elasticbeanstalk' and READS.match(name):
            ask_in_json(sent['request'], operation)

    events = model.service_id.hyphenize()
    client.meta.events.register(f'before-send.{events}', before_send)
    client.meta.events.register(f'response-received.{events}', received)
    return client


def is_simulated(service, model, name):
    """Asked without any input, what the simulator lacks is NotImplemented or, in IAM, InvalidAction."""
    form = urllib.parse.urlencode({'Action': name, 'Version': model.api_version}).encode()
    scope = f'AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/{model.signing_name}/aws4_request, SignedHeaders=host, Signature=0'
    date = time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())
    headers = {'Authorization': scope, 'X-Amz-Date': date}
    asked = urllib.request.Request(os.environ['AWS_ENDPOINT_URL'], data=form, headers=headers)
    if service == 'route53':
        http = model.operation_model(name).http
        path = re.sub(r'{\w+}', 'none', http['requestUri'])
        asked = urllib.request.Request(os.environ['AWS_ENDPOINT_URL'] + path, headers=headers, method=http['method'])
    try:
        urllib.request.urlopen(asked).close()
    except urllib.error.HTTPError as error:
        return not re.search('<Code>(NotImplemented|InvalidAction)</Code>', error.read().decode())
    return True


def bundle(version):
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w') as archive:
        archive.writestr('Procfile', 'web: node server.js\n')
        archive.writestr('server.js', f"require('node:http').createServer((_, a) => a.end('{version}')).listen(process.env.PORT)\n")
    return content.getvalue()


def refused(call, **input):
    """Asks for what must be refused."""
    try:
        call(**input)
        complain(call.__name__, f'was not refused with {input}')
    except botocore.exceptions.ClientError:
        pass


def until(what, check):
    for _ in range(600):
        if check():
            return
        time.sleep(0.1)
    raise SystemExit(f'Waited a minute for: {what}')


def tour_of_balancers(elb, autoscaling, named):
    """A load balancer of the user's with every operation, and the group of an environment behind it."""
    made = elb.create_load_balancer(Name='front-end', Subnets=['subnet-1', 'subnet-2'], Tags=[{'Key': 'team', 'Value': 'web'}])
    balancer = {'LoadBalancerArn': made['LoadBalancers'][0]['LoadBalancerArn']}
    refused(elb.create_load_balancer, Name='front-end', Subnets=['subnet-1', 'subnet-2'], Scheme='internal')
    elb.describe_load_balancers(Names=['front-end'])
    elb.describe_load_balancers(PageSize=1)
    refused(elb.describe_load_balancers, Names=['nothing'])
    elb.describe_load_balancer_attributes(**balancer)
    elb.modify_load_balancer_attributes(**balancer, Attributes=[{'Key': 'idle_timeout.timeout_seconds', 'Value': '30'}])
    group = elb.create_target_group(Name='blue', Protocol='HTTP', Port=80, VpcId='vpc-1', HealthCheckIntervalSeconds=10)
    arn = group['TargetGroups'][0]['TargetGroupArn']
    one = {'TargetGroupArn': arn}
    elb.describe_target_groups(**balancer)
    elb.describe_target_groups(TargetGroupArns=[arn])
    refused(elb.describe_target_groups, Names=['nothing'])
    elb.modify_target_group(**one, HealthCheckPath='/health', Matcher={'HttpCode': '200-299'})
    elb.describe_target_group_attributes(**one)
    elb.modify_target_group_attributes(**one, Attributes=[{'Key': 'deregistration_delay.timeout_seconds', 'Value': '5'}])
    attached = {**named, 'TargetGroupARNs': [arn]}
    autoscaling.attach_load_balancer_target_groups(**attached)
    refused(autoscaling.attach_load_balancer_target_groups, **named, TargetGroupARNs=[f'{arn}0'])
    autoscaling.describe_load_balancer_target_groups(**named)
    forward = [{'Type': 'forward', 'ForwardConfig': {'TargetGroups': [{**one, 'Weight': 100}], 'TargetGroupStickinessConfig': {'Enabled': True, 'DurationSeconds': 60}}}]
    listener = {'ListenerArn': elb.create_listener(**balancer, Protocol='HTTP', Port=80, DefaultActions=forward)['Listeners'][0]['ListenerArn']}
    refused(elb.create_listener, **balancer, Protocol='HTTP', Port=80, DefaultActions=forward)
    elb.describe_listeners(**balancer)
    elb.describe_target_health(**one)
    redirect = [{'Type': 'redirect', 'RedirectConfig': {'StatusCode': 'HTTP_301', 'Host': 'example.com'}}]
    elb.modify_listener(**listener, DefaultActions=redirect)
    conditions = [{'Field': 'host-header', 'Values': ['shop.example.com']}, {'Field': 'http-request-method', 'HttpRequestMethodConfig': {'Values': ['GET']}}]
    rule = {'RuleArn': elb.create_rule(**listener, Priority=1, Conditions=conditions, Actions=forward)['Rules'][0]['RuleArn']}
    refused(elb.create_rule, **listener, Priority=1, Conditions=conditions, Actions=forward)
    elb.describe_rules(**listener)
    elb.modify_rule(**rule, Actions=forward)
    elb.set_rule_priorities(RulePriorities=[{**rule, 'Priority': 2}])
    refused(elb.delete_target_group, **one)
    tagged = {'ResourceArns': [balancer['LoadBalancerArn'], rule['RuleArn']]}
    elb.add_tags(**tagged, Tags=[{'Key': 'env', 'Value': 'test'}])
    elb.describe_tags(**tagged)
    elb.remove_tags(ResourceArns=[rule['RuleArn']], TagKeys=['env'])
    until('the targets to be healthy', lambda: all(t['TargetHealth']['State'] == 'healthy' for t in elb.describe_target_health(**one)['TargetHealthDescriptions']))
    targets = [t['Target'] for t in elb.describe_target_health(**one)['TargetHealthDescriptions']]
    elb.deregister_targets(**one, Targets=targets)
    elb.register_targets(**one, Targets=targets)
    refused(elb.register_targets, **one, Targets=[{'Id': 'i-00000000000000000'}])
    autoscaling.detach_load_balancer_target_groups(**attached)
    elb.delete_rule(**rule)
    elb.delete_listener(**listener)
    elb.delete_load_balancer(**balancer)
    elb.delete_target_group(**one)


def tour(eb, autoscaling, sts, s3, iam, elb):
    account = sts.get_caller_identity()['Account']
    refused(sts.assume_role_with_web_identity, RoleArn=f'arn:aws:iam::{account}:role/deploy', RoleSessionName='tour', WebIdentityToken='nonsense')
    role = '{"Version": "2012-10-17", "Statement": []}'
    iam.create_role(RoleName='web', AssumeRolePolicyDocument=role, Description='a role')
    refused(iam.create_role, RoleName='web', AssumeRolePolicyDocument=role)
    iam.get_role(RoleName='web')
    iam.list_roles()
    iam.attach_role_policy(RoleName='web', PolicyArn='arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier')
    iam.put_role_policy(RoleName='web', PolicyName='own', PolicyDocument=role)
    iam.list_attached_role_policies(RoleName='web')
    iam.create_instance_profile(InstanceProfileName='web')
    iam.add_role_to_instance_profile(InstanceProfileName='web', RoleName='web')
    iam.get_instance_profile(InstanceProfileName='web')
    iam.list_instance_profiles()

    bucket = eb.create_storage_location()['S3Bucket']
    s3.create_bucket(Bucket='another')
    s3.list_buckets()
    s3.head_bucket(Bucket=bucket)
    s3.get_bucket_location(Bucket=bucket)
    for version in ('v1', 'v2'):
        s3.put_object(Bucket=bucket, Key=f'shop/{version}.zip', Body=bundle(version))
    s3.get_object(Bucket=bucket, Key='shop/v1.zip')['Body'].read()
    s3.head_object(Bucket=bucket, Key='shop/v1.zip')
    s3.list_objects(Bucket=bucket, Delimiter='/')
    s3.list_objects_v2(Bucket=bucket, Prefix='shop/', MaxKeys=1)
    upload = {'Bucket': bucket, 'Key': 'large'}
    parts = {**upload, 'UploadId': s3.create_multipart_upload(**upload)['UploadId']}
    part = s3.upload_part(**parts, PartNumber=1, Body=b'part')
    s3.list_parts(**parts)
    s3.list_multipart_uploads(Bucket=bucket)
    s3.complete_multipart_upload(**parts, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part['ETag']}]})
    s3.abort_multipart_upload(**{**parts, 'UploadId': s3.create_multipart_upload(**upload)['UploadId']})
    s3.delete_object(**upload)
    s3.delete_objects(Bucket=bucket, Delete={'Objects': [{'Key': 'large'}]})

    shop = {'ApplicationName': 'shop'}
    eb.create_application(**shop, Description='a shop', Tags=[{'Key': 'team', 'Value': 'web'}])
    refused(eb.create_application, **shop)
    eb.update_application(**shop, Description='the shop')
    eb.update_application_resource_lifecycle(**shop, ResourceLifecycleConfig={
        'ServiceRole': f'arn:aws:iam::{account}:role/web',
        'VersionLifecycleConfig': {'MaxCountRule': {'Enabled': True, 'MaxCount': 100, 'DeleteSourceFromS3': False}},
    })
    eb.describe_applications()
    eb.describe_account_attributes()
    for version in ('v1', 'v2'):
        source = {'S3Bucket': bucket, 'S3Key': f'shop/{version}.zip'}
        eb.create_application_version(**shop, VersionLabel=version, Description='', SourceBundle=source, Process=version == 'v2')
    eb.describe_application_versions(**shop)
    versions = lambda: {v['VersionLabel']: v['Status'] for v in eb.describe_application_versions(**shop)['ApplicationVersions']}
    until('v2 to be processed', lambda: versions()['v2'] == 'PROCESSED')
    eb.update_application_version(**shop, VersionLabel='v1', Description='the first')

    stack = next(s for s in eb.list_available_solution_stacks()['SolutionStacks'] if 'Node.js' in s)
    eb.list_platform_branches()
    newest = eb.list_platform_versions()['PlatformSummaryList'][0]['PlatformArn']
    eb.describe_platform_version(PlatformArn=newest)
    eb.describe_configuration_options(SolutionStackName=stack)
    eb.check_dns_availability(CNAMEPrefix='shop-live')

    blue = eb.create_environment(**shop, EnvironmentName='shop-blue', CNAMEPrefix='shop-live', VersionLabel='v1', SolutionStackName=stack,
                                 Tags=[{'Key': 'team', 'Value': 'web'}], Description='blue')
    eb.create_environment(**shop, EnvironmentName='shop-work', SolutionStackName=stack, Tier={'Name': 'Worker', 'Type': 'SQS/HTTP'})
    eb.create_environment(**shop, EnvironmentName='shop-small', VersionLabel='v1', SolutionStackName=stack, OptionSettings=[
        {'Namespace': 'aws:elasticbeanstalk:environment', 'OptionName': 'EnvironmentType', 'Value': 'SingleInstance'},
        {'Namespace': 'aws:elasticbeanstalk:healthreporting:system', 'OptionName': 'SystemType', 'Value': 'basic'},
    ])
    described = lambda name: eb.describe_environments(EnvironmentNames=[name], IncludeDeleted=True)['Environments'][-1]
    # Two looks in a row, since a read may be stale for a moment.
    ready = lambda *names: until(f'{names} to be Ready', lambda: all(described(name)['Status'] == 'Ready' for name in names * 2))
    described('shop-blue')
    eb.describe_events(**shop)
    ready('shop-blue', 'shop-work', 'shop-small')

    health = {'AttributeNames': ['All']}
    eb.describe_environment_health(EnvironmentName='shop-blue', **health)
    eb.describe_instances_health(EnvironmentName='shop-blue', **health)
    refused(eb.describe_environment_health, EnvironmentName='shop-small', **health)
    for name in ('shop-blue', 'shop-work', 'shop-small'):
        eb.describe_environment_resources(EnvironmentName=name)
        eb.describe_configuration_settings(**shop, EnvironmentName=name)
    eb.describe_configuration_options(**shop, EnvironmentName='shop-blue')
    size = [{'Namespace': 'aws:autoscaling:asg', 'OptionName': 'MinSize', 'Value': '2'}]
    wrong = [{'Namespace': 'aws:autoscaling:asg', 'OptionName': 'Nothing', 'Value': '2'}]
    eb.validate_configuration_settings(**shop, EnvironmentName='shop-blue', OptionSettings=size + wrong)

    template = {**shop, 'TemplateName': 'kept'}
    eb.create_configuration_template(**template, EnvironmentId=blue['EnvironmentId'], Description='kept')
    eb.update_configuration_template(**template, OptionSettings=size)
    eb.describe_configuration_settings(**template)
    eb.delete_configuration_template(**template)
    arn = blue['EnvironmentArn']
    eb.list_tags_for_resource(ResourceArn=arn)

    eb.update_environment(EnvironmentName='shop-blue', OptionSettings=size)
    refused(eb.update_environment, EnvironmentName='shop-blue', VersionLabel='v2')
    eb.describe_configuration_settings(**shop, EnvironmentName='shop-blue')
    ready('shop-blue')
    refused(eb.abort_environment_update, EnvironmentName='shop-blue')
    eb.update_environment(EnvironmentName='shop-blue', OptionSettings=[{**size[0], 'Value': '1'}])
    eb.abort_environment_update(EnvironmentName='shop-blue')
    ready('shop-blue')
    eb.delete_environment_configuration(**shop, EnvironmentName='shop-blue')
    eb.update_environment(EnvironmentName='shop-small', VersionLabel='v2')
    ready('shop-small')
    eb.update_tags_for_resource(ResourceArn=arn, TagsToAdd=[{'Key': 'stage', 'Value': 'live'}], TagsToRemove=['team'])
    ready('shop-blue')
    eb.swap_environment_cnames(SourceEnvironmentName='shop-blue', DestinationEnvironmentName='shop-small')
    ready('shop-blue', 'shop-small')
    eb.restart_app_server(EnvironmentName='shop-small')
    ready('shop-small')
    for kind in ('tail', 'bundle'):
        eb.request_environment_info(EnvironmentName='shop-small', InfoType=kind)
        until('logs', lambda: eb.retrieve_environment_info(EnvironmentName='shop-small', InfoType=kind)['EnvironmentInfo'])
    eb.rebuild_environment(EnvironmentName='shop-small')
    ready('shop-small')

    eb.describe_environment_managed_actions(EnvironmentName='shop-blue')
    eb.describe_environment_managed_action_history(EnvironmentName='shop-blue')
    refused(eb.apply_environment_managed_action, EnvironmentName='shop-blue', ActionId='none')
    operations_role = f'arn:aws:iam::{account}:role/web'
    eb.associate_environment_operations_role(EnvironmentName='shop-blue', OperationsRole=operations_role)
    described('shop-blue')
    eb.disassociate_environment_operations_role(EnvironmentName='shop-blue')
    for call, input in (
        (eb.compose_environments, {**shop, 'GroupName': 'dev', 'VersionLabels': ['v1']}),
        (eb.create_platform_version, {'PlatformName': 'own', 'PlatformVersion': '1.0.0', 'PlatformDefinitionBundle': {'S3Bucket': bucket, 'S3Key': 'own.zip'}}),
        (eb.delete_platform_version, {'PlatformArn': newest}),
    ):
        refused(call, **input)

    group = eb.describe_environment_resources(EnvironmentName='shop-blue')['EnvironmentResources']['AutoScalingGroups'][0]['Name']
    named = {'AutoScalingGroupName': group}
    autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    autoscaling.update_auto_scaling_group(**named, MinSize=1, MaxSize=3)
    refused(autoscaling.update_auto_scaling_group, **named, DesiredCapacity=9)
    nightly = {**named, 'ScheduledActionName': 'nightly'}
    autoscaling.put_scheduled_update_group_action(**nightly, Recurrence='0 22 * * *', MinSize=1)
    autoscaling.describe_scheduled_actions(**named)
    autoscaling.delete_scheduled_action(**nightly)
    tour_of_balancers(elb, autoscaling, named)

    eb.terminate_environment(EnvironmentName='shop-blue')
    until('shop-blue to be Terminated', lambda: described('shop-blue')['Status'] == 'Terminated')
    eb.describe_events(**shop, MaxRecords=1000)
    eb.delete_application_version(**shop, VersionLabel='v1', DeleteSourceBundle=False)
    eb.delete_application(**shop, TerminateEnvByForce=True)


def tour_of_zones(route53, sts):
    role = {'RoleArn': 'arn:aws:iam::210987654321:role/dns', 'RoleSessionName': 'tour'}
    sts.assume_role(**role)
    refused(sts.assume_role, **{**role, 'RoleArn': 'arn:aws:iam::210987654321:user/somebody'})
    made = route53.create_hosted_zone(Name='example.com', CallerReference='1', HostedZoneConfig={'Comment': 'the shop'})
    zone = made['HostedZone']['Id']
    refused(route53.create_hosted_zone, Name='example.com', CallerReference='1')
    private = route53.create_hosted_zone(Name='example.org', CallerReference='2', VPC={'VPCRegion': 'us-east-1', 'VPCId': 'vpc-1'})
    route53.get_hosted_zone(Id=zone)
    route53.get_hosted_zone(Id=private['HostedZone']['Id'])
    route53.update_hosted_zone_comment(Id=zone, Comment='the shop & its friends')
    route53.get_hosted_zone_count()
    route53.list_hosted_zones(MaxItems='1')
    route53.list_hosted_zones_by_name(DNSName='example.com', MaxItems='1')

    check = route53.create_health_check(CallerReference='1', HealthCheckConfig={
        'Type': 'HTTP', 'FullyQualifiedDomainName': 'shop.example.com', 'ResourcePath': '/health?a=1&b=2'})['HealthCheck']['Id']
    route53.get_health_check(HealthCheckId=check)
    route53.update_health_check(HealthCheckId=check, HealthCheckVersion=1, FailureThreshold=1)
    refused(route53.update_health_check, HealthCheckId=check, HealthCheckVersion=1)
    route53.list_health_checks()
    route53.get_health_check_count()
    until('a first look', lambda: route53.get_health_check_status(HealthCheckId=check)['HealthCheckObservations'])

    def record(name, **more):
        return {'Name': name, 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': '10.0.0.1'}], **more}

    def change(*records, action='CREATE'):
        return {'HostedZoneId': zone, 'ChangeBatch': {
            'Comment': 'a tour', 'Changes': [{'Action': action, 'ResourceRecordSet': one} for one in records]}}

    pair = [record('shop.example.com', SetIdentifier=name, Weight=1, HealthCheckId=check) for name in ('blue', 'green')]
    alias = {'Name': 'example.com', 'Type': 'A', 'AliasTarget': {
        'HostedZoneId': zone.rsplit('/', 1)[-1], 'DNSName': '*.example.com', 'EvaluateTargetHealth': False}}
    changed = route53.change_resource_record_sets(**change(*pair, record('*.example.com'), alias))
    refused(route53.change_resource_record_sets, **change(*pair))
    route53.list_resource_record_sets(HostedZoneId=zone, MaxItems='1')
    route53.list_resource_record_sets(HostedZoneId=zone)
    refused(route53.list_resource_record_sets, HostedZoneId='Z0')
    until('a change in sync', lambda: route53.get_change(Id=changed['ChangeInfo']['Id'])['ChangeInfo']['Status'] == 'INSYNC')
    refused(route53.get_change, Id='C0')
    route53.test_dns_answer(HostedZoneId=zone, RecordName='shop.example.com', RecordType='A')
    for kind, name in (('hostedzone', zone.rsplit('/', 1)[-1]), ('healthcheck', check)):
        tagged = {'ResourceType': kind, 'ResourceId': name}
        route53.change_tags_for_resource(**tagged, AddTags=[{'Key': 'team', 'Value': 'web'}])
        route53.list_tags_for_resource(**tagged)
    route53.change_resource_record_sets(**change(alias, *pair, record('*.example.com'), action='DELETE'))
    route53.delete_health_check(HealthCheckId=check)
    route53.delete_hosted_zone(Id=zone)


def main():
    session = botocore.session.get_session()
    clients = {name: client_of(session, name) for name in ('elasticbeanstalk', 'autoscaling', 'sts', 's3', 'iam', 'elbv2')}
    tour(*clients.values())
    clients['route53'] = client_of(session, 'route53')
    tour_of_zones(clients['route53'], clients['sts'])
    simulated = 0
    for service, client in clients.items():
        asked = seen.get(service, {})
        for name, codes in asked.items():
            simulated += 'NotImplemented' not in codes
            if 'answered' not in codes and service == 'elasticbeanstalk':
                print(f'     {name}: {", ".join(sorted(codes))}')
        if service != 's3':
            for name in client.meta.service_model.operation_names:
                if name not in asked and is_simulated(service, client.meta.service_model, name):
                    complain(name, 'is simulated and not in this tour')
    with urllib.request.urlopen(f'{os.environ["AWS_ENDPOINT_URL"]}/_simulator/calls') as answer:
        bugs = json.load(answer)['bugs']
    for bug in bugs:
        complain('the simulator', bug.splitlines()[0])
    wrong = sorted(set(re.sub(r'\[\d+\]', '[]', one) for one in complaints))
    for one in wrong:
        print(f'FAIL {one}'[:500])
    print(f'{simulated - len(wrong)} passed, {len(wrong)} failed')
    sys.exit(1 if wrong else 0)


main()
