#!/usr/bin/env bash
# The real AWS CLI, an independent client, against a simulator that this script starts itself: one line per check.
#   scripts/aws-cli-check.sh
# Needs aws, node and python3.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs aws node python3
start_simulator --speed 120

eb() { aws elasticbeanstalk "$@"; }
status_of() { eb describe-environments --environment-names "$1" --query 'Environments[0].Status'; }
field_of() { eb describe-environments --environment-names "$1" --no-include-deleted --query "Environments[0].$2"; }
# The CLI's waiters look only every 20 s of real time: they are asked when their first look already fits.
until_status() {
  for _ in $(seq 60); do
    [ "$(status_of "$1")" = "$2" ] && return
    sleep 0.3
  done
  echo "$1 is $(status_of "$1"), not $2" >&2
  return 1
}
for version in v1 v2; do bundle "$work/$version.zip" "$version"; done
stack='64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
account=123456789012
bucket=elasticbeanstalk-us-east-1-$account
shop=shop-live.us-east-1.elasticbeanstalk.com

check 'sts get-caller-identity' "$account" aws sts get-caller-identity
check 'create-storage-location' "$bucket" eb create-storage-location
check 'list-available-solution-stacks' 'running Node.js' eb list-available-solution-stacks
check 'create-application' 'shop' eb create-application --application-name shop --description 'a shop'
refuses 'create-application: an application exists once' 'InvalidParameterValue.*Application shop already exists' eb create-application --application-name shop
check 'describe-applications' 'shop' eb describe-applications

check 's3api put-object' 'ETag|"' aws s3api put-object --bucket "$bucket" --key shop/v1.zip --body "$work/v1.zip"
succeeds 's3api put-object --if-none-match' aws s3api put-object --bucket "$bucket" --key shop/v2.zip --body "$work/v2.zip" --if-none-match '*'
refuses 's3api put-object --if-none-match, again' 'PreconditionFailed' aws s3api put-object --bucket "$bucket" --key shop/v2.zip --body "$work/v2.zip" --if-none-match '*'
head -c 12000000 /dev/urandom >"$work/large"
succeeds 's3 cp up, in parts' aws s3 cp --no-progress "$work/large" "s3://$bucket/large"
succeeds 's3 cp down, in ranges' aws s3 cp --no-progress "s3://$bucket/large" "$work/large-again"
succeeds 's3 cp brings the same bytes back' cmp "$work/large" "$work/large-again"
check 's3 ls' 'PRE shop/' aws s3 ls "s3://$bucket/"
check 's3api list-objects-v2' 'shop/v1.zip' aws s3api list-objects-v2 --bucket "$bucket" --prefix shop/
refuses 's3api head-object of nothing' '404' aws s3api head-object --bucket "$bucket" --key none
check 's3api get-bucket-location' 'None' aws s3api get-bucket-location --bucket "$bucket"
succeeds 's3 rm' aws s3 rm "s3://$bucket/large"

for version in v1 v2; do
  check "create-application-version $version" "$version" eb create-application-version --application-name shop \
    --version-label $version --source-bundle "S3Bucket=$bucket,S3Key=shop/$version.zip" --process --tags Key=team,Value=web
done
refuses 'create-application-version: a label exists once' 'Application Version v1 already exists' eb create-application-version \
  --application-name shop --version-label v1 --source-bundle "S3Bucket=$bucket,S3Key=shop/v1.zip"
sleep 1
check 'describe-application-versions' 'PROCESSED' eb describe-application-versions --application-name shop --version-labels v1 v2
check 'list-tags-for-resource' 'team' eb list-tags-for-resource \
  --resource-arn "arn:aws:elasticbeanstalk:us-east-1:$account:applicationversion/shop/v1"

check 'check-dns-availability' "True.*$shop|$shop.*True" eb check-dns-availability --cname-prefix shop-live
long=$(printf 'a%.0s' {1..41})
refuses 'create-environment: a name is at most 40 characters long' \
  "ValidationError.*Value '$long' at 'environmentName' failed to satisfy constraint: Member must have length less than or equal to 40" \
  eb create-environment --application-name shop --environment-name "$long" --solution-stack-name "$stack"
check 'create-environment' 'Launching' eb create-environment --application-name shop --environment-name shop-blue \
  --cname-prefix shop-live --version-label v1 --solution-stack-name "$stack" \
  --option-settings Namespace=aws:elasticbeanstalk:environment,OptionName=EnvironmentType,Value=LoadBalanced
refuses 'update-environment: a busy environment refuses' \
  'InvalidParameterValue.*Environment named shop-blue is in an invalid state for this operation. Must be Ready.' \
  eb update-environment --environment-name shop-blue --version-label v2
check 'create-environment, the other' 'Launching' eb create-environment --application-name shop --environment-name shop-green \
  --version-label v1 --solution-stack-name "$stack"
check 'check-dns-availability: taken' 'False' eb check-dns-availability --cname-prefix shop-live
succeeds 'shop-blue becomes Ready' until_status shop-blue Ready
succeeds 'shop-green becomes Ready' until_status shop-green Ready
succeeds 'wait environment-exists' eb wait environment-exists --application-name shop --environment-names shop-blue shop-green
check 'the live environment answers under its CNAME' 'this is v1' fetch "http://$shop/"

check 'update-environment' 'Updating' eb update-environment --environment-name shop-green --version-label v2
succeeds 'shop-green becomes Ready again' until_status shop-green Ready
succeeds 'wait environment-updated' eb wait environment-updated --application-name shop --environment-names shop-green
check 'the version is the wanted one' '^v2$' field_of shop-green VersionLabel

green_cname=$(field_of shop-green CNAME)
blue_endpoint=$(field_of shop-blue EndpointURL)
succeeds 'swap-environment-cnames' eb swap-environment-cnames --source-environment-name shop-blue --destination-environment-name shop-green
sleep 0.5
succeeds 'shop-green is Ready after the swap' until_status shop-green Ready
check 'the production CNAME is on the other environment' "^$shop\$" field_of shop-green CNAME
check 'the other CNAME is on the first environment' "^$green_cname\$" field_of shop-blue CNAME
check 'the endpoints have stayed' "^$blue_endpoint\$" field_of shop-blue EndpointURL
check 'production answers the new version' 'this is v2' fetch "http://$shop/"

check 'describe-events' 'swapEnvironmentCNAMEs' eb describe-events --application-name shop --max-records 200
check 'describe-environment-health' 'Ready' eb describe-environment-health --environment-name shop-green --attribute-names All
check 'describe-instances-health' 'i-[0-9a-f]+' eb describe-instances-health --environment-name shop-green --attribute-names All
check 'describe-environment-resources' 'AUTOSCALINGGROUPS' eb describe-environment-resources --environment-name shop-green
check 'describe-configuration-settings' 'MinSize' eb describe-configuration-settings --application-name shop --environment-name shop-green
succeeds 'create-configuration-template' eb create-configuration-template --application-name shop --template-name kept \
  --environment-id "$(field_of shop-green EnvironmentId)"
succeeds 'delete-configuration-template' eb delete-configuration-template --application-name shop --template-name kept
succeeds 'update-tags-for-resource' eb update-tags-for-resource --tags-to-add Key=proven,Value=yes \
  --resource-arn "arn:aws:elasticbeanstalk:us-east-1:$account:applicationversion/shop/v2"
succeeds 'request-environment-info' eb request-environment-info --environment-name shop-green --info-type tail
sleep 0.5
check 'retrieve-environment-info' 'https?://' eb retrieve-environment-info --environment-name shop-green --info-type tail

group=$(eb describe-environment-resources --environment-name shop-green --query 'EnvironmentResources.AutoScalingGroups[0].Name')
check 'autoscaling describe-auto-scaling-groups' "$group" aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$group"
succeeds 'autoscaling update-auto-scaling-group' aws autoscaling update-auto-scaling-group --auto-scaling-group-name "$group" --min-size 2
check 'the group has the new minimum' '^2$' aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$group" \
  --query 'AutoScalingGroups[0].MinSize'

check 'list-platform-branches' 'Node.js 22 running on 64bit Amazon Linux 2023' eb list-platform-branches
check 'list-platform-versions, in pages' '^2$' eb list-platform-versions --page-size 1 \
  --filters 'Type=PlatformName,Operator=contains,Values=Node.js 22' --query 'length(PlatformSummaryList[])' --output json
check 'describe-account-attributes' '1000' eb describe-account-attributes
check 'validate-configuration-settings' 'Unknown configuration setting' eb validate-configuration-settings --application-name shop \
  --environment-name shop-green --option-settings Namespace=aws:autoscaling:asg,OptionName=MiniSize,Value=1
check 'describe-configuration-options' 'NoInterruption' eb describe-configuration-options --application-name shop \
  --environment-name shop-green --options Namespace=aws:autoscaling:asg,OptionName=MinSize
succeeds 'restart-app-server' eb restart-app-server --environment-name shop-green
succeeds 'shop-green is Ready after the restart' until_status shop-green Ready
succeeds 'describe-environment-managed-actions' eb describe-environment-managed-actions --environment-name shop-green
refuses 'apply-environment-managed-action of nothing' 'No Managed Action found' eb apply-environment-managed-action \
  --environment-name shop-green --action-id none
check 'update-application-resource-lifecycle' 'MAXCOUNTRULE' eb update-application-resource-lifecycle --application-name shop \
  --resource-lifecycle-config "ServiceRole=arn:aws:iam::$account:role/service,VersionLifecycleConfig={MaxCountRule={Enabled=true,MaxCount=5}}"
refuses 'delete-application: an environment runs' 'running environments' eb delete-application --application-name shop

check 'terminate-environment' 'Terminating' eb terminate-environment --environment-name shop-blue
succeeds 'shop-blue becomes Terminated' until_status shop-blue Terminated
succeeds 'wait environment-terminated' eb wait environment-terminated --application-name shop --environment-names shop-blue
check 'the ghost is still listed' 'Terminated' eb describe-environments --application-name shop --query 'Environments[].[EnvironmentName,Status]'
check 'the ghost is not listed to who asks for the living' '^shop-green$' eb describe-environments --application-name shop --no-include-deleted --query 'Environments[].EnvironmentName'
succeeds 'rebuild-environment of the ghost' eb rebuild-environment --environment-name shop-blue
succeeds 'shop-blue becomes Ready again' until_status shop-blue Ready
succeeds 'delete-application-version' eb delete-application-version --application-name shop --version-label v1 --delete-source-bundle
succeeds 'delete-application by force' eb delete-application --application-name shop --terminate-env-by-force
succeeds 'shop-blue becomes Terminated again' until_status shop-blue Terminated
succeeds 'shop-green becomes Terminated' until_status shop-green Terminated
finish
