#!/usr/bin/env bash
# The real AWS CLI moves traffic by the weights of a load balancer, against a simulator that this script starts itself: one
# line per check.
#   scripts/aws-cli-balancer-check.sh
# Needs aws, node and python3.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs aws node python3
start_simulator --speed 120 --no-throttling

eb() { aws elasticbeanstalk "$@"; }
elb() { aws elbv2 "$@"; }
field_of() { eb describe-environments --environment-names "$1" --no-include-deleted --query "Environments[0].$2"; }
until_status() {
  for _ in $(seq 80); do
    [ "$(environment "$1" status)" = "$2" ] && return
    sleep 0.3
  done
  echo "$1 is $(environment "$1" status), not $2" >&2
  return 1
}
# until_says PATTERN COMMAND…: asks until the answer matches.
until_says() {
  local pattern=$1 output
  shift
  for _ in $(seq 60); do
    output=$("$@")
    grep -Eq -- "$pattern" <<<"$output" && echo "$output" && return
    sleep 0.3
  done
  echo "$output" && return 1
}
# shares COUNT NAME: how often each answer came among so many requests to a name, such as "53 this is v1, 7 this is v2".
shares() {
  local one
  for one in $(seq "$1"); do fetch "http://$2/"; echo; done | grep . | sort | uniq -c | tr -s ' \n' ' '
}
for version in v1 v2; do bundle "$work/$version.zip" "$version"; done
stack='64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
account=123456789012
bucket=elasticbeanstalk-us-east-1-$account

eb create-storage-location >/dev/null
eb create-application --application-name shop >/dev/null
for version in v1 v2; do
  aws s3api put-object --bucket "$bucket" --key "$version.zip" --body "$work/$version.zip" >/dev/null
  eb create-application-version --application-name shop --version-label $version \
    --source-bundle "S3Bucket=$bucket,S3Key=$version.zip" >/dev/null
done
# create NAME VERSION OPTION…: an environment with an application load balancer.
create() {
  local name=$1 version=$2
  shift 2
  eb create-environment --application-name shop --environment-name "$name" --version-label "$version" \
    --solution-stack-name "$stack" --option-settings \
    Namespace=aws:elasticbeanstalk:environment,OptionName=LoadBalancerType,Value=application "$@"
}
succeeds 'create-environment shop-blue' create shop-blue v1
succeeds 'create-environment shop-green' create shop-green v2

balancer=$(elb create-load-balancer --name front-end --subnets subnet-1 subnet-2 --tags Key=team,Value=web \
  --query 'LoadBalancers[0].LoadBalancerArn')
check 'create-load-balancer' "^arn:aws:elasticloadbalancing:us-east-1:$account:loadbalancer/app/front-end/[0-9a-f]{16}$" echo "$balancer"
check 'create-load-balancer, again' "^$balancer$" elb create-load-balancer --name front-end --subnets subnet-1 subnet-2 \
  --query 'LoadBalancers[0].LoadBalancerArn'
refuses 'create-load-balancer: a name with other settings' '\(DuplicateLoadBalancerName\)' elb create-load-balancer --name front-end \
  --subnets subnet-1 subnet-2 --scheme internal
name=$(elb describe-load-balancers --names front-end --query 'LoadBalancers[0].DNSName')
check 'describe-load-balancers' '^Z35SXDOTRQ7X7K$' elb describe-load-balancers --load-balancer-arns "$balancer" \
  --query 'LoadBalancers[0].CanonicalHostedZoneId'
check 'it becomes active' '^active$' until_says active elb describe-load-balancers --names front-end \
  --query 'LoadBalancers[0].State.Code'
succeeds 'wait load-balancer-available' elb wait load-balancer-available --names front-end
refuses 'describe-load-balancers of nothing' '\(LoadBalancerNotFound\)' elb describe-load-balancers --names nothing

group_of() {
  elb create-target-group --name "$1" --protocol HTTP --port 80 --vpc-id vpc-0a1b2c3d4e5f60718 --health-check-interval-seconds 10 \
    --query 'TargetGroups[0].TargetGroupArn'
}
blue=$(group_of blue)
green=$(group_of green)
check 'create-target-group' "^arn:aws:elasticloadbalancing:us-east-1:$account:targetgroup/green/[0-9a-f]{16}$" echo "$green"
listener=$(elb create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
  --default-actions 'Type=fixed-response,FixedResponseConfig={StatusCode=404,ContentType=text/plain,MessageBody=nobody}' \
  --query 'Listeners[0].ListenerArn')
refuses 'create-listener: a port has one' '\(DuplicateListener\)' elb create-listener --load-balancer-arn "$balancer" --protocol HTTP \
  --port 80 --default-actions "Type=forward,TargetGroupArn=$blue"
weights() { echo "Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=$blue,Weight=$1},{TargetGroupArn=$green,Weight=$2}]}"; }
rule=$(elb create-rule --listener-arn "$listener" --priority 10 --conditions "Field=host-header,Values=$name" \
  --actions "$(weights 100 0)" --query 'Rules[0].RuleArn')
check 'create-rule' '/[0-9a-f]{16}$' echo "$rule"
refuses 'create-rule: a priority is taken once' "\(PriorityInUse\).*Priority '10' is currently in use" elb create-rule \
  --listener-arn "$listener" --priority 10 --conditions Field=path-pattern,Values=/x --actions "Type=forward,TargetGroupArn=$blue"
check 'describe-rules' '^100 0$' sh -c "aws elbv2 describe-rules --listener-arn $listener \
  --query 'Rules[0].Actions[0].ForwardConfig.TargetGroups[].Weight' | tr '\t' ' '"
default=$(elb describe-rules --listener-arn "$listener" --query 'Rules[?IsDefault].RuleArn')
refuses 'modify-rule: not the default one' "\(OperationNotPermitted\).*Default rule '$default' cannot be modified" elb modify-rule \
  --rule-arn "$default" --actions "$(weights 1 1)"
refuses 'modify-rule: a group that is not there' '\(TargetGroupNotFound\)' elb modify-rule --rule-arn "$rule" \
  --actions "Type=forward,TargetGroupArn=${blue}0"
refuses 'delete-target-group: a rule names it' '\(ResourceInUse\).*is currently in use by a listener or a rule' elb delete-target-group \
  --target-group-arn "$green"

succeeds 'shop-blue becomes Ready' until_status shop-blue Ready
succeeds 'shop-green becomes Ready' until_status shop-green Ready
for colour in blue green; do
  scaling=$(eb describe-environment-resources --environment-name shop-$colour \
    --query 'EnvironmentResources.AutoScalingGroups[0].Name')
  succeeds "autoscaling attach-load-balancer-target-groups, $colour" aws autoscaling attach-load-balancer-target-groups \
    --auto-scaling-group-name "$scaling" --target-group-arns "${!colour}"
  check "the Auto Scaling group of $colour names both" "targetgroup/awseb-.*targetgroup/$colour/" aws autoscaling \
    describe-auto-scaling-groups --auto-scaling-group-names "$scaling" --query 'AutoScalingGroups[0].TargetGroupARNs'
  check "targets of $colour become healthy" '^healthy$' until_says healthy elb describe-target-health \
    --target-group-arn "${!colour}" --query 'TargetHealthDescriptions[].TargetHealth.State'
  succeeds "wait target-in-service, $colour" elb wait target-in-service --target-group-arn "${!colour}"
  check "autoscaling describe-load-balancer-target-groups, $colour" 'InService' aws autoscaling \
    describe-load-balancer-target-groups --auto-scaling-group-name "$scaling"
done
refuses 'attach-load-balancer-target-groups: a group that is not there' '\(ValidationError\).*may not be valid' aws autoscaling \
  attach-load-balancer-target-groups --auto-scaling-group-name "$scaling" --target-group-arns "${blue}0"

check 'at 100/0 everything is blue' '^ 20 this is v1 $' shares 20 "$name"
succeeds 'modify-rule: 90/10' elb modify-rule --rule-arn "$rule" --actions "$(weights 90 10)"
sleep 0.3
check 'at 90/10 some are green' '[34][0-9]+ this is v1 [0-9]+ this is v2' shares 50 "$name"
succeeds 'modify-rule: 0/100' elb modify-rule --rule-arn "$rule" --actions "$(weights 0 100)"
sleep 0.3
check 'at 0/100 everything is green' '^ 20 this is v2 $' shares 20 "$name"
succeeds 'modify-rule: one group only' elb modify-rule --rule-arn "$rule" --actions "Type=forward,TargetGroupArn=$green"
check 'one group stands in both places' "$green.*$green" elb describe-rules --rule-arns "$rule" \
  --query 'Rules[0].Actions[0].[TargetGroupArn, ForwardConfig.TargetGroups[0].TargetGroupArn]'
check 'what no rule names is unused' 'Target.NotInUse' elb describe-target-health --target-group-arn "$blue"
succeeds 'set-rule-priorities' elb set-rule-priorities --rule-priorities "RuleArn=$rule,Priority=50"
check 'describe-tags' 'team' elb describe-tags --resource-arns "$balancer"
own=$(eb describe-environment-resources --environment-name shop-blue --query 'EnvironmentResources.LoadBalancers[0].Name')
check "the environment's own load balancer" "$(field_of shop-blue EndpointURL)" elb describe-load-balancers \
  --load-balancer-arns "$own" --query 'LoadBalancers[0].DNSName'
refuses 'create-rule: a target group is on one load balancer only' '\(TargetGroupAssociationLimit\)' elb create-rule --priority 1 \
  --listener-arn "$(elb describe-listeners --load-balancer-arn "$own" --query 'Listeners[0].ListenerArn')" \
  --conditions Field=path-pattern,Values=/x --actions "Type=forward,TargetGroupArn=$green"

shared=(Namespace=aws:elasticbeanstalk:environment,OptionName=LoadBalancerIsShared,Value=true
  "Namespace=aws:elbv2:loadbalancer,OptionName=SharedLoadBalancer,Value=$balancer")
succeeds 'create-environment on the shared load balancer' create shared-blue v1 "${shared[@]}"
succeeds 'create-environment on it, the other' create shared-green v2 "${shared[@]}"
succeeds 'shared-blue becomes Ready' until_status shared-blue Ready
succeeds 'shared-green becomes Ready' until_status shared-green Ready
check 'it is the endpoint of both' "^$name$" field_of shared-green EndpointURL
check 'it counts its environments' 'elasticbeanstalk:shared-elb-environment-count.*2' elb describe-tags --resource-arns "$balancer"
cname=$(field_of shared-blue CNAME)
check 'Beanstalk has a rule for each' "$cname" elb describe-rules --listener-arn "$listener" --query 'Rules[].Conditions[].Values[]'
check 'the name of shared-blue answers v1' 'this is v1' fetch "http://$cname/"
group=$(elb describe-rules --listener-arn "$listener" \
  --query "Rules[?Conditions[0].Values[0]=='$cname'].Actions[0].TargetGroupArn")
check 'its target group is tagged with its environment' 'elasticbeanstalk:environment-name.shared-blue' elb describe-tags --resource-arns "$group"
succeeds 'swap-environment-cnames' eb swap-environment-cnames --source-environment-name shared-blue --destination-environment-name shared-green
check 'the name answers v2 after the swap' 'this is v2' until_says v2 fetch "http://$cname/"
succeeds 'shared-blue is Ready' until_status shared-blue Ready
mine=$(elb create-rule --listener-arn "$listener" --priority 200 --conditions Field=host-header,Values=shop.example.com \
  --actions "Type=forward,TargetGroupArn=$group" --query 'Rules[0].RuleArn')
succeeds 'terminate-environment that a rule still names' eb terminate-environment --environment-name shared-blue
check 'it fails' 'Error Code: ResourceInUse' until_says ResourceInUse eb describe-events --environment-name shared-blue --severity ERROR
succeeds 'shared-blue is Ready again' until_status shared-blue Ready
succeeds 'delete-rule' elb delete-rule --rule-arn "$mine"
succeeds 'terminate-environment, again' eb terminate-environment --environment-name shared-blue
succeeds 'shared-blue becomes Terminated' until_status shared-blue Terminated
refuses 'its target group is gone' '\(TargetGroupNotFound\)' elb describe-target-groups --target-group-arns "$group"
succeeds 'delete-load-balancer' elb delete-load-balancer --load-balancer-arn "$balancer"
succeeds 'delete-target-group' elb delete-target-group --target-group-arn "$green"
check 'the state of the simulator shows what is left' '"targetGroups"' control state
finish
