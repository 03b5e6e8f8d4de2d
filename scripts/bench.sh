#!/usr/bin/env bash
# Measures the job on this machine, against the same pairing as a batch query in DuckDB over the same objects.
# scripts/bench.sh --help lists the options. Builds first; the first time this downloads DuckDB and JMH.
set -euo pipefail

script=bench.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
find_jdk
find_maven

bench_class_path=$home/target/bench-class-path
if [[ ! -s $bench_class_path || -n $(find "$home/pom.xml" "$home/src/main" "$home/src/bench" -newer "$bench_class_path" -print -quit) ]]; then
    echo "Building ..." >&2
    (cd "$home" && mvn -B -q -P bench -Dspotless.check.skip=true -Dwarnings.are=-Xdiags:compact \
        test-compile dependency:build-classpath@bench-class-path >&2) || fail "the build failed"
    touch "$bench_class_path"
fi

unlocked=""
for package in lang util util.concurrent lang.invoke net io time nio; do
    unlocked+=" --add-opens java.base/java.$package=ALL-UNNAMED"
done

# What job-config/kubernetes/replay.yaml sets; a heap that does not grow, as Flink's task managers have it. Each measurement
# gets a JVM with these options, but for the heap of those that are DuckDB's, which needs the memory outside of it.
chosen="-XX:+UseParallelGC -XX:+UseTransparentHugePages -XX:+AlwaysPreTouch -XX:InitialRAMPercentage=60 -XX:MaxRAMPercentage=60"
jvm="${FLOW_SENTINEL_JAVA_OPTS:-$chosen} $unlocked"

cd "$home"
exec "$java" -Dbench.jvm="$jvm" \
    -cp "$home/target/classes:$home/target/test-classes:$(cat "$bench_class_path")" io.flowsentinel.bench.Bench "$@"
