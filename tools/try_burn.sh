#!/usr/bin/env bash
# Tries another version of Burn on a copy of the workspace: `tools/try_burn.sh 0.23.0-pre.1`. Says what does not compile,
# by file, and leaves the copy and the compiler's messages in target/try_burn.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?which version of Burn?}
copy=target/try_burn
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z | while IFS= read -r -d '' file; do [ ! -e "$file" ] || cp --parents "$file" "$copy"; done
cd "$copy"
# Only the requirements of Burn's own crates change, and the devices that it has no more.
sed -i -E "s/^(burn[a-z-]* = \{ version = )\"[^\"]*\"/\1\"=$version\"/" Cargo.toml
case $version in
0.22.*) ;;
*) sed -i '/^# Burn.s second device/d; /^ndarray = /d' crates/*/Cargo.toml ;;
esac
rm -f Cargo.lock
CARGO_TARGET_DIR=build cargo check --workspace --keep-going --message-format short 2>&1 | tee messages.txt | grep -E "^(error|warning: .*generated|    Finished)" || true
echo
if grep -qE "\.rs:[0-9]+:[0-9]+: error" messages.txt; then
    echo "errors by file:"
    grep -E "^[^ ]+\.rs:[0-9]+:[0-9]+: error" messages.txt | cut -d: -f1 | sort | uniq -c | sort -rn
else
    tail -n 20 messages.txt
fi
