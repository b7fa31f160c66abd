#!/usr/bin/env bash
# Whole blue/green deployments by hand with the real AWS CLI, in the way public pipelines do them, against a simulator that this
# script starts itself, while users ask the production address all the time: one line per check.
#   scripts/aws-cli-deployments.sh
# Needs aws, node and python3.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs aws node python3
# The CLI's waiters look at once and then every 20 s of real time: at this speed most of what they wait for is over when
# the next command has started.
speed=600
start_simulator --speed $speed

eb() { aws elasticbeanstalk "$@"; }
of() { eb describe-environments --environment-names "$1" --no-include-deleted --query "Environments[0].$2"; }
# What a pipeline looks at before it goes on: the operation is over, and did what it was for.
is_deployed() { [ "$(of "$1" '[Status,VersionLabel]')" = "Ready"$'\t'"$2" ]; }

stack='64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
bucket=$(eb create-storage-location)
shop=shop.us-east-1.elasticbeanstalk.com
load_balanced=Namespace=aws:elasticbeanstalk:environment,OptionName=EnvironmentType,Value=LoadBalanced
two=Namespace=aws:autoscaling:asg,OptionName=MinSize,Value=2

publish() {
  bundle "$work/$1.zip" "$1" &&
    aws s3 cp --only-show-errors "$work/$1.zip" "s3://$bucket/shop/$1.zip" &&
    eb create-application-version --application-name shop --version-label "$1" --auto-create-application \
      --source-bundle "S3Bucket=$bucket,S3Key=shop/$1.zip" --process --query ApplicationVersion.VersionLabel
}

echo '── the first environment'
check 'a version is published, and the application with it' '^1$' publish 1
check 'create-environment with the production prefix' 'Launching' eb create-environment --application-name shop \
  --environment-name shop-blue --cname-prefix shop --version-label 1 --solution-stack-name "$stack" \
  --option-settings $load_balanced $two --query Status
succeeds 'wait environment-exists' eb wait environment-exists --environment-names shop-blue
succeeds 'wait environment-updated, of a launch' eb wait environment-updated --environment-names shop-blue
succeeds 'it runs the version' is_deployed shop-blue 1
check 'production answers' 'this is 1' fetch "http://$shop/"
users_on $shop $speed

echo '── a clone by saved configuration'
succeeds 'create-configuration-template from the live environment' eb create-configuration-template \
  --application-name shop --template-name for-green --environment-id "$(of shop-blue EnvironmentId)"
check 'publish 2' '^2$' publish 2
# Without the generated security group of the live environment, which could not be terminated otherwise.
check 'create-environment from the template, with the new version' 'Launching' eb create-environment --application-name shop \
  --environment-name shop-green --template-name for-green --version-label 2 --query Status \
  --options-to-remove Namespace=aws:autoscaling:launchconfiguration,OptionName=SecurityGroups
succeeds 'delete-configuration-template, at once' eb delete-configuration-template --application-name shop --template-name for-green
succeeds 'wait environment-updated, of the clone' eb wait environment-updated --environment-names shop-green
succeeds 'the clone runs the new version' is_deployed shop-green 2
check 'the clone has as many instances' '^2$' eb describe-environment-resources --environment-name shop-green \
  --query 'length(EnvironmentResources.Instances)'
check 'the clone answers at its own address' 'this is 2' fetch "http://$(of shop-green CNAME)/"
check 'nobody met it yet' 'this is 1' fetch "http://$shop/"

swap() {
  eb swap-environment-cnames --source-environment-name "$1" --destination-environment-name "$2" &&
    eb wait environment-updated --environment-names "$1" "$2"
}
echo '── production moves there'
succeeds 'swap-environment-cnames, wait' swap shop-blue shop-green
check 'production is the clone' "^$shop\$" of shop-green CNAME
check 'production answers the new version' 'this is 2' fetch "http://$shop/"

echo '── the next version, the other way round'
deploy() {
  eb update-environment --environment-name "$1" --version-label "$2" --query Status &&
    eb wait environment-updated --environment-names "$1" && is_deployed "$1" "$2"
}
check 'publish 3' '^3$' publish 3
check 'update-environment, wait' 'Updating' deploy shop-blue 3
check 'its health is good' '^Green$' of shop-blue Health
succeeds 'swap-environment-cnames, wait, again' swap shop-green shop-blue
check 'production answers version 3' 'this is 3' fetch "http://$shop/"

echo '── and back by hand'
succeeds 'the same swap takes production back' swap shop-blue shop-green
check 'production answers version 2 again' 'this is 2' fetch "http://$shop/"

echo '── what the users saw'
# Longer than the TTL of a minute: a pipeline that terminates at once cuts off who keeps to it.
sleep 0.3
requests=$(stop_users)
check 'not one of their requests failed, through two deployments and three swaps' '^0 \[\]$' seen failed failures
check 'they met all three versions' "'1'.*'2'.*'3'|'1'.*'3'.*'2'|'2'.*'1'.*'3'|'2'.*'3'.*'1'|'3'.*'1'.*'2'|'3'.*'2'.*'1'" seen byVersion
echo "     $requests"

echo '── the old environment goes'
check 'terminate-environment' 'Terminating' eb terminate-environment --environment-name shop-blue --query Status
# Its ghost is listed for an hour, which is six seconds here: a second look of the waiter, after twenty, would find nothing.
until_terminated() {
  for _ in $(seq 300); do
    node -e '
      const [state, name] = process.argv.slice(1)
      fetch(state).then((answer) => answer.json()).then(({ environments }) =>
        process.exit(environments.some((one) => one.name === name && one.status !== "Terminated") ? 1 : 0))' \
      "$url/_simulator/state" "$1" && return
  done
  return 1
}
succeeds 'it ends' until_terminated shop-blue
succeeds 'wait environment-terminated' eb wait environment-terminated --environment-names shop-blue
check 'only one is left' '^shop-green$' eb describe-environments --application-name shop --no-include-deleted \
  --query 'Environments[].EnvironmentName'
check 'production still answers' 'this is 2' fetch "http://$shop/"

echo '── what the other pipelines forget'
check 'publish a version that does not start' '^broken$' publish broken
python3 - "$work/broken.zip" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    archive.writestr('Procfile', 'web: node nothing.js\n')
PYTHON
succeeds 'its bundle' aws s3 cp --only-show-errors "$work/broken.zip" "s3://$bucket/shop/broken.zip"
waits() { eb update-environment --environment-name shop-green --version-label broken && eb wait environment-updated --environment-names shop-green; }
succeeds 'wait environment-updated succeeds though the deployment failed' waits
check 'the label is the old one' '^2$' of shop-green VersionLabel
check 'the events say so' 'Failed to deploy application' eb describe-events --environment-name shop-green --severity ERROR --query 'Events[].Message'

finish
