#!/usr/bin/env bash
# Follows the alert feed in Kafka, or shows that of a run's files: one line a finding, as an analyst reads it.
# scripts/tail-alerts.sh --help lists the options. Builds first where that is needed.
set -euo pipefail

script=tail-alerts.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
prepare
new_log

terminal=false
[[ -t 1 ]] && terminal=true

# shellcheck disable=SC2086
exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${FLOW_SENTINEL_JAVA_OPTS:-} \
    -Dflow-sentinel.terminal="$terminal" -Dflow-sentinel.log="$log_file" \
    -Dlog4j2.configurationFile=log4j2-local.properties \
    -cp "$home/target/classes:$(cat "$class_path")" io.flowsentinel.local.TailAlerts "$@"
