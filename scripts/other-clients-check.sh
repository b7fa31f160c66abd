#!/usr/bin/env bash
# Other people's SDKs against a simulator that this script starts itself: one whole deployment with each; one line per check.
#   scripts/other-clients-check.sh
# Needs node, npm and python3; each SDK is installed by name into a folder that goes with the script, or left out: that is
# said, and the exit code is 75.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs node npm python3
start_simulator --speed 300 --no-throttling

mkdir "$work/bundles"
for version in 1 2; do bundle "$work/bundles/$version.zip" "$version"; done
skipped=0
left_out() {
  skipped=$((skipped + 1))
  echo "left out: $1 could not be installed, and so is not shown"
}

if { python3 -m venv "$work/boto3" && "$work/boto3/bin/pip" install -q boto3; } >"$work/install.log" 2>&1 </dev/null; then
  check 'boto3 deploys, waits, pages, swaps and terminates' '^boto3 1' \
    "$work/boto3/bin/python" scripts/clients/boto3-deployment.py "$work/bundles" us-east-1
else
  left_out boto3
fi

if timeout 240 npm install --silent --no-audit --no-fund --prefix "$work/js-v2" aws-sdk@2 >"$work/install.log" 2>&1 </dev/null; then
  check 'the AWS SDK for JavaScript v2 deploys, swaps and terminates' '^aws-sdk 2' env NODE_PATH="$work/js-v2/node_modules" \
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE=1 node scripts/clients/js-v2-deployment.cjs "$work/bundles" "$url"
else
  left_out 'aws-sdk 2'
fi

finish || exit 1
[ "$skipped" -eq 0 ] || exit 75
