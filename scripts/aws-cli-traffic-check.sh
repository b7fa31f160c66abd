#!/usr/bin/env bash
# Route 53 and STS by the real AWS CLI, an independent client, against a simulator that this script starts itself: one line
# per check.
#   scripts/aws-cli-traffic-check.sh
# Needs aws, node and python3.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs aws node python3
start_simulator --speed 240

r53() { aws route53 "$@"; }
# change LINES…: one batch on the zone, of which the id is printed; each line is ACTION NAME TYPE and a record's other
# members as JSON.
change() { r53 change-resource-record-sets --hosted-zone-id "$zone" --change-batch "$(batch "$@")" --query ChangeInfo.Id; }
batch() {
  python3 - "$@" <<'PYTHON'
import json, sys
changes = []
for line in sys.argv[1:]:
    action, name, kind, more = line.split(' ', 3)
    changes.append({'Action': action, 'ResourceRecordSet': {'Name': name, 'Type': kind, **json.loads(more)}})
print(json.dumps({'Changes': changes}))
PYTHON
}
to() { echo "{\"TTL\": ${2:-60}, \"ResourceRecords\": [{\"Value\": \"$1\"}]}"; }
weighted() { echo "{\"SetIdentifier\": \"$1\", \"Weight\": $2, \"TTL\": ${4:-60}, \"ResourceRecords\": [{\"Value\": \"$3\"}]}"; }
alias_to() { echo "{\"AliasTarget\": {\"HostedZoneId\": \"$1\", \"DNSName\": \"$2\", \"EvaluateTargetHealth\": false}}"; }
# in_sync COMMAND…: a change, and then until all name servers know of it.
in_sync() {
  local id
  id=$("$@") || return
  # The CLI's waiter looks only every 30 s of real time: it is asked when its first look fits.
  sleep 0.5
  r53 wait resource-record-sets-changed --id "$id"
}
answer_of() { r53 test-dns-answer --hosted-zone-id "$zone" --record-name "$1" --record-type "$2" --query '[ResponseCode, RecordData[0]]'; }
# dns NAME TYPE: what the simulator's DNS server answers.
dns() {
  node -e '
    const [port, name, type] = process.argv.slice(1)
    const resolver = new (require("node:dns").promises.Resolver)()
    resolver.setServers([`127.0.0.1:${port}`])
    resolver.resolve(name, type).then((found) => console.log(JSON.stringify(found)), (error) => console.log(error.code))' \
    "$dns_port" "$1" "$2"
}
# lookups NAME SECONDS: how often each answer came, asked without a cache.
lookups() {
  node -e '
    const [port, name, seconds] = process.argv.slice(1)
    const resolver = new (require("node:dns").promises.Resolver)()
    resolver.setServers([`127.0.0.1:${port}`])
    const seen = {}
    const end = Date.now() + seconds * 1000
    const ask = () => Date.now() > end
      ? console.log(JSON.stringify(seen))
      : resolver.resolveCname(name).then(([to]) => to, (error) => error.code)
        .then((to) => { seen[to] = (seen[to] ?? 0) + 1; setTimeout(ask, 5) })
    ask()' "$dns_port" "$1" "$2"
}

refuses 'create-hosted-zone of no name' 'DomainLabelEmpty' r53 create-hosted-zone --name 'a..com' --caller-reference 0
zone=$(r53 create-hosted-zone --name Example.com --caller-reference 1 --query HostedZone.Id)
check 'create-hosted-zone' '^/hostedzone/Z[A-Z0-9]+$' echo "$zone"
refuses 'create-hosted-zone: a caller reference counts once' 'HostedZoneAlreadyExists' r53 create-hosted-zone --name example.com --caller-reference 1
check 'list-hosted-zones-by-name' "example.com.*$zone|$zone.*example.com" r53 list-hosted-zones-by-name --dns-name example.com
check 'get-hosted-zone' 'awsdns' r53 get-hosted-zone --id "$zone"
refuses 'get-hosted-zone of nothing' 'NoSuchHostedZone.*No hosted zone found with ID: Z0' r53 get-hosted-zone --id Z0

blue=blue.example.net green=green.example.net shop=shop.example.com
succeeds 'a simple record, until it is in sync' in_sync change "CREATE $shop CNAME $(to $blue 300)"
check 'the DNS answers it' "$blue" dns $shop CNAME
check 'test-dns-answer' "NOERROR.$blue" answer_of $shop CNAME
check 'test-dns-answer of nothing' 'NXDOMAIN' answer_of nobody.example.com A
refuses 'a record exists once' \
  "InvalidChangeBatch.*: \[Tried to create resource record set \[name='$shop.', type='CNAME'\] but it already exists\]" \
  change "CREATE $shop CNAME $(to $blue)"
refuses 'a weighted record does not stand beside a simple one' \
  "\[RRSet with DNS name $shop., type CNAME, SetIdentifier blue cannot be created as a non-weighted set exists with the same name and type.\]" \
  change "UPSERT $shop CNAME $(weighted blue 100 $blue)"
refuses 'what is deleted must be exactly what stands there, and nothing of the batch is done' \
  "\[Tried to delete resource record set \[name='$shop.', type='CNAME'\] but the values provided do not match the current values" \
  change "DELETE $shop CNAME $(to $blue 60)" "CREATE other.example.com CNAME $(to $blue)"
check 'nothing of it was done' 'NXDOMAIN' answer_of other.example.com CNAME

lookups $shop 6 >"$work/lookups" &
lookups=$!
succeeds 'from a simple record to a weighted pair in one batch' in_sync change "DELETE $shop CNAME $(to $blue 300)" \
  "CREATE $shop CNAME $(weighted blue 128 $blue)" "CREATE $shop CNAME $(weighted green 128 $green)"
wait "$lookups"
check 'there was never a moment without an answer' '^\{"(blue|green).example.net":[0-9]+(,"(blue|green).example.net":[0-9]+)?\}$' cat "$work/lookups"
check 'and then both are answered' "$blue.*$green|$green.*$blue" lookups $shop 1
refuses 'all records of a weighted set have the same TTL' \
  "\[RRSet with DNS name $shop. and type CNAME, SetIdentifier red cannot be created as weighted sets must contain the same TTL.\]" \
  change "CREATE $shop CNAME $(weighted red 1 red.example.net 61)"
refuses 'a simple record does not stand beside weighted ones' \
  "\[RRSet with DNS name $shop., type CNAME cannot be created as other RRSets exist with the same name and type.\]" \
  change "UPSERT $shop CNAME $(to $blue)"
refuses 'weights end at 255' 'Member must have value less than or equal to 255' change "UPSERT $shop CNAME $(weighted blue 256 $blue)"
check 'list-resource-record-sets shows the pair in order' '^blue.green$' r53 list-resource-record-sets --hosted-zone-id "$zone" \
  --query "ResourceRecordSets[?Name=='$shop.'].SetIdentifier"
succeeds 'and back to a simple record in one batch' in_sync change "DELETE $shop CNAME $(weighted blue 128 $blue)" \
  "DELETE $shop CNAME $(weighted green 128 $green)" "CREATE $shop CNAME $(to $green)"
check 'the DNS answers that alone' '^\{"green.example.net":[0-9]+\}$' lookups $shop 1

refuses 'no CNAME at the apex' '\[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.\]' \
  change "CREATE example.com CNAME $(to $blue)"
refuses 'no other record beside a CNAME' \
  "\[RRSet of type A with DNS name $shop. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.\]" \
  change "CREATE $shop A $(to 10.0.0.1)"
refuses 'no record of another zone' '\[RRSet with DNS name example.org. is not permitted in zone example.com.\]' change "CREATE example.org A $(to 10.0.0.1)"
refuses 'a record has a value or a target' 'InvalidInput.*Expected exactly one of \[AliasTarget, all of \[TTL, and ResourceRecords\]' change "CREATE a.example.com A {}"

bundle "$work/v1.zip" v1
aws elasticbeanstalk create-application --application-name shop >/dev/null
bucket=$(aws elasticbeanstalk create-storage-location)
aws s3api put-object --bucket "$bucket" --key v1.zip --body "$work/v1.zip" >/dev/null
aws elasticbeanstalk create-application-version --application-name shop --version-label v1 --source-bundle "S3Bucket=$bucket,S3Key=v1.zip" >/dev/null
aws elasticbeanstalk create-environment --application-name shop --environment-name shop-blue --cname-prefix shop-live --version-label v1 \
  --solution-stack-name '64bit Amazon Linux 2023 v6.6.1 running Node.js 22' >/dev/null
ready() {
  for _ in $(seq 100); do
    [ "$(aws elasticbeanstalk describe-environments --environment-names shop-blue --query 'Environments[0].Status')" = Ready ] && return
    sleep 0.2
  done
  return 1
}
succeeds 'an environment is there' ready
endpoint=$(aws elasticbeanstalk describe-environments --environment-names shop-blue --query 'Environments[0].EndpointURL')
succeeds 'an alias at the apex to a load balancer' in_sync change "CREATE example.com A $(alias_to Z35SXDOTRQ7X7K "$endpoint")"
check 'shows addresses only' '^\["127\.[0-9.]+"\]$' dns example.com A
check 'and leads to the environment' 'this is v1' fetch http://example.com/
succeeds 'an alias to an environment by its regional name' in_sync change \
  "UPSERT example.com A $(alias_to Z117KPS5GTRQ2G shop-live.us-east-1.elasticbeanstalk.com)"
check 'leads there too' 'this is v1' fetch http://example.com/
refuses 'no alias to what is not there' \
  '\[Tried to create an alias that targets gone.us-east-1.elb.amazonaws.com., type A in zone Z35SXDOTRQ7X7K, but that target was not found\]' \
  change "CREATE www.example.com A $(alias_to Z35SXDOTRQ7X7K gone.us-east-1.elb.amazonaws.com)"

# back_to_simple NAME: what docs/traffic-in-steps.md says, word for word, with another zone and name.
back_to_simple() {
  sed -n '/^zone=Z0123456789ABCDEFGHIJ/,/^```/p' docs/traffic-in-steps.md | grep -v '^```' |
    sed "1s|.*|zone=$zone name=$1|; s|batch.json|$work/back.json|" >"$work/back.sh"
  bash -eu -o pipefail "$work/back.sh"
}
# standing NAME: set identifier, type and value or target of each of its records, but those that every zone has.
standing() {
  r53 list-resource-record-sets --hosted-zone-id "$zone" --query \
    "ResourceRecordSets[?Name=='$1.' && Type!='NS' && Type!='SOA'].[SetIdentifier, Type, ResourceRecords[0].Value || AliasTarget.DNSName]"
}
one_line() { "$@" | tr -s '\t\n' ' '; }
in_set() { echo "{\"SetIdentifier\": \"$1\", \"Weight\": $2, ${3:1}"; }
needs jq
succeeds 'a weighted pair of CNAMEs, as the action makes it' in_sync change "CREATE www.example.com CNAME $(weighted blue-green:shop-blue 100 "$endpoint")" \
  "CREATE www.example.com CNAME $(weighted blue-green:shop-green 0 green.example.net)"
succeeds 'goes back to a simple record as the documentation says' back_to_simple www.example.com
check 'and that is all that stands there' "^None.CNAME.$endpoint$" standing www.example.com
refuses 'where nothing is weighted the same changes nothing' 'Invalid length for parameter ChangeBatch.Changes|InvalidInput' back_to_simple www.example.com
succeeds 'until it is deleted' change "DELETE www.example.com CNAME $(to "$endpoint")"

to_balancer=$(alias_to Z35SXDOTRQ7X7K "$endpoint") to_name=$(alias_to Z117KPS5GTRQ2G shop-live.us-east-1.elasticbeanstalk.com)
succeeds 'a weighted pair of aliases at the apex' in_sync change "DELETE example.com A $to_name" \
  "CREATE example.com A $(in_set blue-green:shop-blue 0 "$to_balancer")" "CREATE example.com A $(in_set blue-green:shop-green 100 "$to_name")" \
  "CREATE example.com AAAA $(in_set blue-green:shop-blue 0 "$to_balancer")" "CREATE example.com AAAA $(in_set blue-green:shop-green 100 "$to_name")"
succeeds 'goes back to simple ones in the same way' back_to_simple example.com
check 'and they are all that stands there' \
  '^None A shop-live.us-east-1.elasticbeanstalk.com. None AAAA shop-live.us-east-1.elasticbeanstalk.com. $' one_line standing example.com
succeeds 'until the one of IPv6 is deleted' change "DELETE example.com AAAA $to_name"

thousand() {
  python3 - "$1" >"$work/batch.json" <<'PYTHON'
import json, sys
print(json.dumps({'Changes': [{'Action': 'CREATE', 'ResourceRecordSet': {
    'Name': f'n{sys.argv[1]}-{at}.example.com', 'Type': 'TXT', 'TTL': 60, 'ResourceRecords': [{'Value': f'"{at}"'}]}} for at in range(1000)]}))
PYTHON
  r53 change-resource-record-sets --hosted-zone-id "$zone" --change-batch "file://$work/batch.json" >/dev/null
}
ten_thousand() {
  for number in 0 1 2 3 4 5 6 7 8 9; do thousand $number || return; done
}
succeeds 'ten thousand records in batches of a thousand' ten_thousand
check 'the zone counts them' '^10004$' r53 get-hosted-zone --id "$zone" --query HostedZone.ResourceRecordSetCount
check 'one of them is one call away' '^n7-500.example.com.$' r53 list-resource-record-sets --hosted-zone-id "$zone" --no-paginate \
  --start-record-name n7-500.example.com --start-record-type TXT --max-items 1 --query 'ResourceRecordSets[0].Name'
check 'a page has 300 at most' '^300.True$' r53 list-resource-record-sets --hosted-zone-id "$zone" --no-paginate \
  --query '[length(ResourceRecordSets), IsTruncated]'
check 'all of them, page by page' '^10004$' r53 list-resource-record-sets --hosted-zone-id "$zone" \
  --query 'length(ResourceRecordSets[])' --output json
refuses 'more than a thousand records are too many for a batch' 'Number of records limit of 1000 exceeded.' \
  change "CREATE many.example.com A {\"TTL\": 1, \"ResourceRecords\": [$(seq -s, -f '{"Value": "10.0.0.%g"}' 1001)]}"
refuses 'a zone with records is not deleted' 'HostedZoneNotEmpty' r53 delete-hosted-zone --id "$zone"

health=$(r53 create-health-check --caller-reference 1 --query HealthCheck.Id \
  --health-check-config Type=HTTP,FullyQualifiedDomainName=shop-live.us-east-1.elasticbeanstalk.com,RequestInterval=10)
seen() {
  for _ in $(seq 50); do
    r53 get-health-check-status --health-check-id "$health" --query 'HealthCheckObservations[0].StatusReport.Status' | grep -v None && return
    sleep 0.2
  done
}
check 'a health check looks at its target' 'Success: HTTP Status Code 200, OK' seen
succeeds 'change-tags-for-resource' r53 change-tags-for-resource --resource-type hostedzone --resource-id "${zone##*/}" --add-tags Key=team,Value=web
check 'list-tags-for-resource' 'team' r53 list-tags-for-resource --resource-type hostedzone --resource-id "${zone##*/}"

keys=$(aws sts assume-role --role-arn arn:aws:iam::210987654321:role/dns --role-session-name check \
  --query '[Credentials.AccessKeyId, Credentials.SecretAccessKey, Credentials.SessionToken]')
read -r key secret token <<<"$keys"
as_other() { AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token "$@"; }
check 'sts assume-role' '^ASIA' echo "$keys"
check 'the role is of its account' '210987654321.*assumed-role/dns/check' as_other aws sts get-caller-identity
check 'a zone of that account' '/hostedzone/Z' as_other aws route53 create-hosted-zone --name example.org --caller-reference 1
check 'is in that account alone' '^1$' r53 list-hosted-zones --query 'length(HostedZones)'
refuses "the other account's zone is closed to it" 'AccessDenied.*is not authorized to access this resource' \
  as_other aws route53 list-resource-record-sets --hosted-zone-id "$zone"

zones() { control state | python3 -c 'import json, sys; print(*((z["account"], z["name"], len(z["records"])) for z in json.load(sys.stdin)["hostedZones"]))'; }
check 'zones are shown from outside' "\('123456789012', 'example.com.', 10004\) \('210987654321', 'example.org.', 2\)" zones
finish
