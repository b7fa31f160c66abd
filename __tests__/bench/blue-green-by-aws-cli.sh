#!/usr/bin/env bash
# Blue/green as public pipelines do it with the AWS CLI: update, wait, swap, wait. What the action is compared with.
set -euo pipefail
command -v aws >/dev/null || exit 127
aws elasticbeanstalk update-environment --environment-name shop-green --version-label 1.1.0
aws elasticbeanstalk wait environment-updated --environment-names shop-green
aws elasticbeanstalk swap-environment-cnames \
  --source-environment-name shop-blue --destination-environment-name shop-green
aws elasticbeanstalk wait environment-updated --environment-names shop-blue shop-green
