#!/usr/bin/env bash
# bash scripts/run_stress_test.sh --env local --profile quick
# Any other script: SCRIPT=scripts/other.ts bash scripts/run_stress_test.sh …
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec npx --no-install stressrun "${SCRIPT:-scripts/example.ts}" "$@"
