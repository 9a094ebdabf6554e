#!/usr/bin/env bash
# Builds the .wasm files beside this from the .rego files, with OPA at the version below: `opa` on the PATH, or by Go.
#
#   bench/peers/opa/build.sh
set -euo pipefail
cd "$(dirname "$0")"
version=v1.22.0

opa() {
  if command -v opa > /dev/null; then command opa "$@"; else go run "github.com/open-policy-agent/opa@$version" "$@"; fi
}

# Needs Node 22.18 or later.
node policies.ts

for policy in *.rego; do
  name=${policy%.rego}
  options=(--target wasm --entrypoint bench/allow --output "$name.tar.gz")
  if grep -q '^decisions' "$policy"; then options+=(--entrypoint bench/decisions); fi
  # Only rules that are spelt out: OPA takes data that is set later for empty, and unrolls tables into megabytes.
  if ! grep -q 'data\.\|^rules :=' "$policy"; then options+=(--optimize 2); fi
  opa build "${options[@]}" "$policy"
  tar --extract --gzip --file "$name.tar.gz" --absolute-names --to-stdout /policy.wasm > "$name.wasm"
  rm "$name.tar.gz"
done
