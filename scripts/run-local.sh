#!/usr/bin/env bash
# Runs the job on this machine: an embedded Flink, an embedded Kafka, and the sample logs unless told otherwise.
# scripts/run-local.sh --help lists the options. Builds first where that is needed.
set -euo pipefail

script=run-local.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
prepare

terminal=false
[[ -t 1 && -t 2 ]] && terminal=true

opens=()
for package in lang util util.concurrent lang.invoke net io time; do
    opens+=(--add-opens "java.base/java.$package=ALL-UNNAMED")
done

# ParallelGC: throughput counts here, not pauses. TieredStopAtLevel=1: on two cores the second compiler takes more than it
# gives back in a run of seconds (1 M records: 0.7 of the time without it; 4 M records: 1.15). A long run does better with
# FLOW_SENTINEL_JAVA_OPTS=-XX:TieredStopAtLevel=4; that is also the place for -Xmx8g and the like.
# shellcheck disable=SC2086
exec "$java" "${opens[@]}" -XX:+UseParallelGC -XX:TieredStopAtLevel=1 -XX:MaxRAMPercentage=60 ${FLOW_SENTINEL_JAVA_OPTS:-} \
    -Dflow-sentinel.home="$home" -Dflow-sentinel.terminal="$terminal" \
    -Dflow-sentinel.log="$home/target/run-local.log" -Dlog4j2.configurationFile=log4j2-local.properties \
    -cp "$home/target/classes:$(cat "$class_path")" io.flowsentinel.local.LocalRun "$@"
