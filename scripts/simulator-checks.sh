# shellcheck shell=bash
# Sourced by the checks of other people's clients against the simulator: it starts one, and counts what holds.
#   start_simulator [OPTION…]    a simulator of its own, until the script ends; sets work, url, proxy and dns_port
#   check, refuses, succeeds     one line per check
#   finish                       the simulator found no mistake of its own; counts; fails if anything has failed

# needs COMMAND…: ends the script with a sentence and exit code 2 when one is missing.
needs() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "This needs the command $tool, which is not on the PATH." >&2; exit 2; }
  done
}

start_simulator() {
  work=$(mktemp -d)
  node simulator/main.ts --port 0 "$@" >"$work/simulator.log" 2>&1 &
  simulator=$!
  trap 'kill "$simulator" 2>/dev/null; wait "$simulator" 2>/dev/null; rm -rf "$work"' EXIT
  for _ in $(seq 300); do
    grep -q '^Its DNS server' "$work/simulator.log" && break
    kill -0 "$simulator" 2>/dev/null || { echo "The simulator did not start:" >&2; cat "$work/simulator.log" >&2; exit 2; }
    sleep 0.1
  done
  url=$(sed -n 's/^ready on //p' "$work/simulator.log")
  proxy=$(sed -n 's/.*export HTTP_PROXY=\([^ ]*\).*/\1/p' "$work/simulator.log")
  dns_port=$(sed -n 's/^Its DNS server.* -p \([0-9]*\).*/\1/p' "$work/simulator.log")

  unset AWS_PROFILE AWS_SESSION_TOKEN HTTP_PROXY http_proxy HTTPS_PROXY https_proxy
  export AWS_ENDPOINT_URL="$url" AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER='' AWS_DEFAULT_OUTPUT=text
  export AWS_MAX_ATTEMPTS=8 AWS_RETRY_MODE=standard
}

passed=0
failed=0
report() {
  local name=$1 good=$2 why=$3
  if [ "$good" = yes ]; then
    passed=$((passed + 1))
    echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name: $(tr "\n" " " <<<"$why" | tail -c 600)"
  fi
}
# succeeds NAME COMMAND…: the command ends well, whatever it prints.
succeeds() {
  local name=$1 output good=no
  shift
  output=$("$@" 2>&1) && good=yes
  report "$name" $good "$output"
}
# check NAME PATTERN COMMAND…: it ends well, and its output matches the extended regular expression.
check() {
  local name=$1 pattern=$2 output good=no
  shift 2
  output=$("$@" 2>&1) && grep -Eq -- "$pattern" <<<"$output" && good=yes
  report "$name" $good "expected /$pattern/, saw: $output"
}
# refuses NAME PATTERN COMMAND…: it fails, and says so in words that match.
refuses() {
  local name=$1 pattern=$2 output good=no
  shift 2
  output=$("$@" 2>&1) || { grep -Eq -- "$pattern" <<<"$output" && good=yes; }
  report "$name" $good "expected a refusal with /$pattern/, saw: $output"
}
finish() {
  check 'the simulator found no mistake of its own' '^\[\]$' bugs
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
bugs() { control calls | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["bugs"]))'; }

# control PATH: what the simulator itself says, as JSON.
control() { python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())' "$url/_simulator/$1"; }
# environment NAME MEMBER: the simulator's own truth about an environment that lives (or the newest of that name).
environment() {
  control state | python3 -c '
import json, sys
name, member = sys.argv[1:]
found = [e for e in json.load(sys.stdin)["environments"] if e["name"] == name]
print(json.dumps(found[-1].get(member)).strip("\"") if found else "no such environment")' "$1" "$2"
}
# fetch URL: by the simulator's forward proxy, which resolves the name anew.
fetch() {
  node -e '
    const [proxy, url] = process.argv.slice(1)
    const { hostname: host, port } = new URL(proxy)
    const headers = { host: new URL(url).host }
    require("node:http").get({ host, port, path: url, headers }, (answer) => answer.pipe(process.stdout))
      .on("error", (error) => console.log(error.message))' "$proxy" "$1"
}
# users_on NAME SPEED: five of them ask that name all the time, in the time of a simulator of that speed.
users_on() {
  node scripts/users.ts --dns-port "$dns_port" --proxy-port "${proxy##*:}" --speed "$2" "$1" >"$work/users.json" &
  users=$!
}
# stop_users: prints what they saw, as JSON.
stop_users() {
  kill "$users"
  for _ in $(seq 100); do
    [ -s "$work/users.json" ] && break
    sleep 0.1
  done
  cat "$work/users.json"
}
# seen FIELD…: of what the users saw.
seen() { python3 -c 'import json, sys; print(*(json.load(open(sys.argv[1]))[field] for field in sys.argv[2:]))' "$work/users.json" "$@"; }
# bundle FILE VERSION: a source bundle whose application answers with its version.
bundle() {
  python3 - "$@" <<'PYTHON'
import sys, zipfile
path, version = sys.argv[1:]
with zipfile.ZipFile(path, 'w') as archive:
    archive.writestr('Procfile', 'web: node server.js\n')
    archive.writestr('server.js', f"""
require('node:http')
  .createServer((_, answer) => answer.setHeader('x-version', '{version}').end('this is {version}'))
  .listen(process.env.PORT)
""")
PYTHON
}
