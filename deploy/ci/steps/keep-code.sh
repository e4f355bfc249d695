#!/usr/bin/env bash
# Runs a command, hands its exit code to the steps and jobs behind it, and ends with it: bash ci/keep-code.sh npx stressrun …
set -uo pipefail
"$@"
code=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "code=$code" >> "$GITHUB_OUTPUT"; fi
if [ -n "${CODE_FILE:-}" ]; then echo "SMOKE_CODE=$code" > "$CODE_FILE"; fi
exit "$code"
