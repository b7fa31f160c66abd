#!/usr/bin/env bash
# The real EB CLI, unchanged, against a simulator that this script starts itself: whole deployments by hand, every step
# checked by what it printed and by the simulator's own state; one line per check.
#   scripts/eb-cli-check.sh
# Needs eb (pip install awsebcli), node and python3. Most of its time the EB CLI sleeps five seconds between two looks.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs eb node python3
start_simulator --speed 200

# The EB CLI keeps its configuration in the folder where it is called, and its own files under HOME.
app=$work/app
export HOME=$work/home EDITOR=true
mkdir -p "$app" "$HOME"
# eb COMMAND…: in the application's folder; it asks a terminal for whatever it is not told.
eb() { (cd "$app" && timeout 120 env eb "$@" </dev/null); }
says() {
  printf 'web: node server.js\n' >"$app/Procfile"
  cat >"$app/server.js" <<JS
require('node:http')
  .createServer((_, answer) => answer.setHeader('x-version', '$1').end('this is $1, ' + process.env.GREETING))
  .listen(process.env.PORT)
JS
}
until_ready() {
  for _ in $(seq 60); do
    [ "$(environment "$1" status)" = Ready ] && return
    sleep 0.5
  done
  return 1
}
shop=shop-live.us-east-1.elasticbeanstalk.com

echo '── init, create'
says one
check 'init makes the application' 'Application shop has been created' eb init shop --region us-east-1 \
  --platform 'Node.js 22 running on 64bit Amazon Linux 2023'
check 'init, again, changes nothing' '^$' eb init shop --region us-east-1 --platform 'Node.js 22 running on 64bit Amazon Linux 2023'
check 'platform list' 'node.js-22' eb platform list
check 'create uploads the folder and waits for the launch' 'Successfully launched environment: shop-blue' \
  eb create shop-blue --cname shop-live --elb-type application --envvars GREETING=hello --tags team=web
check 'the environment is Ready' '^Ready$' environment shop-blue status
check 'it has the production name' "^$shop\$" environment shop-blue cname
check 'production answers what was in the folder' 'this is one, hello' fetch "http://$shop/"
refuses 'create refuses a name that is taken' 'CNAME|shop-live' eb create shop-other --cname shop-live --elb-type application

echo '── what is there'
check 'status' 'Health: Green' eb status shop-blue
check 'list' 'shop-blue' eb list
check 'list --verbose' 'shop-blue : \[.i-[0-9a-f]+' eb list --verbose
check 'health' 'Overall +Ok' eb health shop-blue
check 'events' 'createEnvironment is starting' eb events shop-blue
check 'printenv' 'GREETING = hello' eb printenv shop-blue
check 'tags --list' 'team +web' eb tags shop-blue --list
check 'use' '^$' eb use shop-blue

echo '── deploy'
says two
check 'deploy' 'Environment update completed successfully' eb deploy shop-blue --label v2 --message 'the second'
check 'it runs the version' '^v2$' environment shop-blue version
check 'production answers it' 'this is two' fetch "http://$shop/"
users_on $shop 200

echo '── clone, deploy there, swap'
check 'clone, by a parameter that the public API does not have' 'Successfully launched environment: shop-green' \
  eb clone shop-blue --clone_name shop-green --cname shop-next --exact
check 'the clone runs the same version' '^v2$' environment shop-green version
check 'the clone has the same variables' 'GREETING = hello' eb printenv shop-green
says three
check 'deploy to the clone' 'Environment update completed successfully' eb deploy shop-green --label v3
check 'nobody met it' 'this is two' fetch "http://$shop/"
check 'swap' "Completed swapping CNAMEs for environments 'shop-blue' and 'shop-green'" eb swap shop-blue --destination_name shop-green
check 'the production name is on the clone' "^$shop\$" environment shop-green cname
check 'production answers the new version' 'this is three' fetch "http://$shop/"
sleep 0.5
requests=$(stop_users)
check 'no request of the users failed' '^0 \[\]$' seen failed failures
echo "     $requests"

echo '── configuration'
check 'setenv' 'Successfully deployed new configuration|update completed successfully' eb setenv GREETING=hi COLOUR=green --environment shop-green
check 'production says so' 'this is three, hi' fetch "http://$shop/"
check 'config save' 'Configuration saved at' eb config save shop-green --cfg kept
check 'config list' '^kept$' eb config list
sed -i -e "s/MinSize: .*/MinSize: '2'/" -e 's/DeploymentPolicy: .*/DeploymentPolicy: Immutable/' \
  "$app/.elasticbeanstalk/saved_configs/kept.cfg.yml"
check 'config put takes back what was changed in the file' '^$' eb config put kept
check 'config --cfg applies it' 'Successfully deployed new configuration|update completed successfully' eb config shop-green --cfg kept
check 'there are two instances' '"desired": 2' environment shop-green group
check 'config delete' '^$' eb config delete kept
check 'no configuration is left' '^$' eb config list
check 'tags --add' 'Environment tag update completed successfully' eb tags shop-green --add stage=live
check 'the tag is there' '"stage": "live"' environment shop-green tags

echo '── logs, versions, platform'
check 'logs' 'eb-engine.log' eb logs shop-green
check 'logs --all' 'Logs were saved to' eb logs shop-green --all
check 'appversion --create' 'Upload Complete' eb appversion --create --label v4
check 'labs cleanup-versions deletes what nothing runs' 'Deleting|deleted|delete' eb labs cleanup-versions --force --older-than 0 --num-to-leave 0
check 'upgrade finds nothing to do' 'already on most recent platform version' eb upgrade shop-green --noroll

echo '── abort'
refuses 'abort refuses when nothing is under way' 'Must be pending deployment' eb abort shop-green
says four
check 'deploy, without waiting' 'Upload Complete' eb deploy shop-green --label v5 --nohang
succeeds 'abort' eb abort shop-green
succeeds 'the environment is Ready again' until_ready shop-green
check 'the version is the old one' '^v3$' environment shop-green version
check 'scale' 'Successfully deployed new configuration|update completed successfully' eb scale 1 shop-green
check 'there is one instance' '"desired": 1' environment shop-green group

echo '── the end'
blue=$(environment shop-blue id)
check 'terminate' 'terminateEnvironment completed successfully' eb terminate shop-blue --force
check 'it is gone' '^Terminated$' environment shop-blue status
check 'production still answers' 'this is three' fetch "http://$shop/"
refuses 'terminate refuses a name that is not there' 'NotFoundError|not found|No Environment' eb terminate shop-blue --force
check 'restore brings a terminated environment back' 'restoreEnvironment is starting|Successfully launched' eb restore "$blue"
check 'it is the same one' "^$blue\$" environment shop-blue id
check 'it is Ready' '^Ready$' environment shop-blue status
check 'it runs what it ran' '^v2$' environment shop-blue version

finish
