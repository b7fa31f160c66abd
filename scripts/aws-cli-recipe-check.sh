#!/usr/bin/env bash
# The recipe for target groups of your own, as docs/traffic-in-steps.md has it word for word, by the real AWS CLI against a
# simulator that this script starts itself: one line per step. Of EC2 and ACM, which the simulator does not have, the CLI
# itself checks what it is given.
#   scripts/aws-cli-recipe-check.sh
# Needs aws, node, python3, curl and zip.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs aws node python3 curl zip
start_simulator --speed 120 --no-throttling --region eu-central-1
export AWS_REGION=eu-central-1

stack='64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
until_ready() {
  for _ in $(seq 100); do
    [ "$(environment shop-blue status)$(environment shop-green status)" = ReadyReady ] && return
    sleep 0.3
  done
  return 1
}
# block NUMBER LANGUAGE: what stands in that step of the recipe (0: before the first one).
block() {
  python3 - "$@" <<'PYTHON'
import re, sys, textwrap
page = open('docs/traffic-in-steps.md').read()
recipe = page.split('### Target groups of your own\n')[1].split('\n### ')[0]
step = re.split(r'^\d+\. ', recipe, flags=re.M)[int(sys.argv[1])]
for text in re.findall(r'^ *```%s\n(.*?)^ *```$' % sys.argv[2], step, flags=re.M | re.S):
    print(textwrap.dedent(text))
PYTHON
}
# What is not here is only sent off: the CLI has checked it then. Something of the kind is answered.
aws() {
  case "$1 $2" in
    ec2\ * | acm\ *) sent_off "$@" ;;
    *) command aws "$@" ;;
  esac
}
sent_off() {
  local says
  says=$(AWS_MAX_ATTEMPTS=1 command aws "$@" --endpoint-url http://127.0.0.1:9 2>&1)
  grep -q 'Could not connect' <<<"$says" || { echo "Unknown to the CLI: $*: $says" >&2; return 1; }
  case "$2" in
    create-security-group) echo sg-0a1b2c3d4e5f60718 ;;
    request-certificate) echo "$arn_of_certificate" ;;
  esac
}
# step NUMBER SED NAME: the commands of that step, in this shell, with names of this place; what they print is in $work/said.
step() {
  local good=no
  block "$1" sh | sed "s|modified.txt|$work/modified.txt|; s|-ONE|-1|; s|-TWO|-2|; $2" >"$work/step.sh"
  # Variables of one step are used in the next ones.
  source "$work/step.sh" >"$work/said" 2>&1 && [ -s "$work/step.sh" ] && ! grep -q 'error occurred\|usage:\|Unknown' "$work/said" && good=yes
  report "$3" $good "$(cat "$work/said")"
}

arn_of_certificate=$(curl -fsS -d '{ "names": ["www.example.com"] }' "$url/_simulator/certificates" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["arn"])')
curl -fsS "$url/_simulator/ca" >"$work/ca.pem"
bundle "$work/v1.zip" v1
bundle "$work/v2.zip" v2
mkdir "$work/.ebextensions"
block 5 yaml >"$work/.ebextensions/target-group.config"
(cd "$work" && zip -q v2.zip .ebextensions/target-group.config)
aws elasticbeanstalk create-application --application-name shop >/dev/null
bucket=$(aws elasticbeanstalk create-storage-location)
for version in v1 v2; do
  aws s3api put-object --bucket "$bucket" --key "$version.zip" --body "$work/$version.zip" >/dev/null
  aws elasticbeanstalk create-application-version --application-name shop --version-label $version \
    --source-bundle "S3Bucket=$bucket,S3Key=$version.zip" >/dev/null
done
for name in shop-blue shop-green; do
  aws elasticbeanstalk create-environment --application-name shop --environment-name $name --version-label v1 \
    --solution-stack-name "$stack" --option-settings \
    Namespace=aws:elasticbeanstalk:environment,OptionName=LoadBalancerType,Value=application >/dev/null
done
succeeds 'both environments are there' until_ready

step 0 's|vpc-EXAMPLE|vpc-0a1b2c3d4e5f60718|' 'region and VPC'
step 1 '' '1 two target groups'
live=$(sed -n 's/^shop-blue: //p' "$work/said") other=$(sed -n 's/^shop-green: //p' "$work/said")
step 2 '' '2 two security groups'
step 3 '' '3 certificate, load balancer and listener'
step 4 "s|TARGET-GROUP-OF-SHOP-BLUE|$live|" '4 the live environment says which one is its own'
succeeds 'until it is Ready' until_ready
succeeds '5 a version with the file is deployed to it in place' \
  aws elasticbeanstalk update-environment --environment-name shop-blue --version-label v2
succeeds 'until it is Ready again' until_ready
to_live="s|TARGET-GROUP-OF-THE-LIVE-ENVIRONMENT|$live|"
step 6 "$to_live" '6 the rule'
check 'prints its ARN' '^arn:aws:elasticloadbalancing:eu-central-1:[0-9]+:listener-rule/app/front/' cat "$work/said"
healthy() {
  for _ in $(seq 60); do
    aws elbv2 describe-target-health --target-group-arn "$live" --query 'TargetHealthDescriptions[].TargetHealth.State' | grep '^healthy' && return
    sleep 0.3
  done
  return 1
}
check 'its targets become healthy' '^healthy' healthy
# The runner's own resolver does not know the simulator's names: curl asks by its proxy.
step 7 "$to_live; s|curl -i .*|curl -sS --proxy $proxy --cacert $work/ca.pem --connect-to www.example.com:443:\$name:443 https://www.example.com/health|" \
  '7 a look at health, and at what it answers'
check 'every instance of live is healthy' '^i-[0-9a-f]+.healthy' cat "$work/said"
check 'and the new listener answers under the name' 'this is v2' cat "$work/said"
zone=$(aws route53 create-hosted-zone --name example.com --caller-reference 1 --query HostedZone.Id)
step 8 "s|Z0123456789ABCDEFGHIJ|$zone|" '8 the name leads there'
check 'so says its zone' "NOERROR.$name" aws route53 test-dns-answer --hosted-zone-id "$zone" --record-name www.example.com \
  --record-type CNAME --query '[ResponseCode, RecordData[0]]'
finish
