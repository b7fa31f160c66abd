#!/usr/bin/env bash
# Installs what checks and runs the example workflows into .tools/: a runner (act), actionlint, zizmor, and the validator
# of GitHub's own editor extension. Needs Go, Python and npm, and their registries; what is there already is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
act=0.2.89 actionlint=1.7.12 zizmor=1.32.0 languageservice=0.3.61
tools=$PWD/.tools
export PATH=$PATH:/usr/local/go/bin # where Go's own installer puts it
mkdir -p "$tools"

for tool in go python3 npm; do
  command -v "$tool" >/dev/null || { echo "This needs the command $tool, which is not on the PATH." >&2; exit 2; }
done

# once NAME VERSION COMMAND…: unless it has been done for this version
once() {
  local name=$1 version=$2
  shift 2
  [ "$(cat "$tools/$name.version" 2>/dev/null)" = "$version" ] && return
  echo "installing $name $version"
  "$@"
  echo "$version" >"$tools/$name.version"
}

# Each is asked once whether it runs here.
from_go() {
  GOBIN="$tools/bin" GOFLAGS=-buildvcs=false go install "$1@v$2"
  "$tools/bin/$3" --version >/dev/null
}
from_pip() {
  rm -rf "$tools/zizmor"
  python3 -m pip install --quiet --disable-pip-version-check --target "$tools/zizmor" "zizmor==$1"
  "$tools/zizmor/bin/zizmor" --version >/dev/null
}
from_npm() {
  rm -rf "$tools/validator"
  mkdir -p "$tools/validator"
  echo '{ "private": true, "type": "module" }' >"$tools/validator/package.json"
  npm install --prefix "$tools/validator" --save-exact --no-audit --no-fund --loglevel=error \
    "@actions/languageservice@$1" vscode-languageserver-textdocument@1.0.12
}

once act "$act" from_go github.com/nektos/act "$act" act
once actionlint "$actionlint" from_go github.com/rhysd/actionlint/cmd/actionlint "$actionlint" actionlint
once zizmor "$zizmor" from_pip "$zizmor"
once validator "$languageservice" from_npm "$languageservice"
