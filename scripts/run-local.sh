#!/usr/bin/env bash
# Runs the job on this machine: an embedded Flink, an embedded Kafka, and the sample logs unless told otherwise.
# scripts/run-local.sh --help lists the options. Builds first where that is needed.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
class_path=$home/target/local-class-path

fail() {
    echo "run-local.sh: $1" >&2
    exit 1
}

# Prints the major version of a JDK, such as 17.
jdk_version() {
    "$1" -version 2>&1 | sed -n 's/^[^"]*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1
}

find_jdk() {
    if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]]; then
        java=$JAVA_HOME/bin/java
    else
        java=$(command -v java) || fail "no java found: needs a JDK 17 or later, on the PATH or in JAVA_HOME"
    fi
    local version
    version=$(jdk_version "$java")
    [[ ${version:-0} -ge 17 ]] || fail "$java is version ${version:-unknown}: needs a JDK 17 or later"
}

needs_build() {
    [[ ! -s $class_path || ! -d $home/target/classes ]] && return 0
    [[ -n $(find "$home/pom.xml" "$home/src/main" -newer "$class_path" -print -quit) ]]
}

build() {
    local version
    command -v mvn >/dev/null || fail "no mvn found: needs Maven 3.8 or later to build"
    [[ -x $(dirname "$java")/javac ]] || fail "$java has no javac beside it: needs a JDK 17 or later to build, not a JRE"
    version=$(mvn -version 2>/dev/null | sed -n 's/^.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    read -r major minor <<<"${version:-0 0}"
    ((major > 3 || (major == 3 && minor >= 8))) || fail "mvn is version $major.$minor: needs Maven 3.8 or later"
    echo "Building (the first time this downloads Flink and Kafka: some minutes) ..." >&2
    # Classes and the class path are all it takes. A newer JDK may warn of more than ours: no reason not to run.
    (cd "$home" && mvn -B -q -Dspotless.check.skip=true -Dwarnings.are=-Xdiags:compact \
        compile dependency:build-classpath@local-class-path >&2) || fail "the build failed"
    touch "$class_path"
}

find_jdk
if needs_build; then
    build
fi

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
