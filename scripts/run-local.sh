#!/usr/bin/env bash
# Runs the job on this machine: an embedded Flink, an embedded Kafka, and the sample logs unless told otherwise.
# scripts/run-local.sh --help lists the options. Builds first where that is needed.
set -euo pipefail

script=run-local.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
prepare
run_here LocalRun "$@"
