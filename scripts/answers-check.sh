#!/usr/bin/env bash
# The simulator's answers to every operation against AWS's own service model, by botocore: see scripts/answers-check.py.
#   scripts/answers-check.sh
# Needs node, and python3 with botocore (it comes with the AWS CLI).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export PATH="$PWD/node_modules/.bin:$PATH"
source scripts/simulator-checks.sh
needs node python3
start_simulator --speed 600 --no-throttling
python3 scripts/answers-check.py
