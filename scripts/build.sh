#!/usr/bin/env bash
# Finds a JDK and builds the classes, or the job jar, where that is needed. For the other scripts, which name themselves in
# $script and get $home, $java and $class_path, or $job_jar, and run_here.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
class_path=$home/target/local-class-path

fail() {
    # shellcheck disable=SC2154
    echo "$script: $1" >&2
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

find_maven() {
    local version major minor
    command -v mvn >/dev/null || fail "no mvn found: needs Maven 3.8 or later to build"
    [[ -x $(dirname "$java")/javac ]] || fail "$java has no javac beside it: needs a JDK 17 or later to build, not a JRE"
    version=$(mvn -version 2>/dev/null | sed -n 's/^.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    read -r major minor <<<"${version:-0 0}"
    ((major > 3 || (major == 3 && minor >= 8))) || fail "mvn is version $major.$minor: needs Maven 3.8 or later"
}

build() {
    find_maven
    echo "Building (the first time this downloads Flink and Kafka: some minutes) ..." >&2
    # Classes and the class path are all it takes. A newer JDK may warn of more than ours: no reason not to run.
    (cd "$home" && mvn -B -q -Dspotless.check.skip=true -Dwarnings.are=-Xdiags:compact \
        compile dependency:build-classpath@local-class-path >&2) || fail "the build failed"
    touch "$class_path"
}

prepare() {
    find_jdk
    if needs_build; then
        build
    fi
}

# The job jar of the pom's version, whether it is there or not.
job_jar_file() {
    local version
    version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' "$home/pom.xml" | head -n 1)
    echo "$home/target/flow-sentinel-$version-job.jar"
}

prepare_job_jar() {
    job_jar=$(job_jar_file)
    if [[ -s $job_jar && -z $(find "$home/pom.xml" "$home/src/main" -newer "$job_jar" -print -quit) ]]; then
        return
    fi
    find_jdk
    find_maven
    echo "Building the job jar (the first time this downloads Flink and Kafka: some minutes) ..." >&2
    (cd "$home" && mvn -B -q -Dspotless.check.skip=true -Dwarnings.are=-Xdiags:compact -Dmaven.test.skip=true \
        package >&2) || fail "the build failed"
    # Nothing to pack leaves the jar as it was.
    touch "$job_jar"
}

# Sets $log_file: one for each run, named like the script, for another run of it may be under way and go on writing to its
# own. target/SCRIPT.log is a link to the newest. Those nobody has written to for a week are deleted.
new_log() {
    # shellcheck disable=SC2154
    local name=${script%.sh}
    log_file=$home/target/$name-$(date +%Y%m%d-%H%M%S)-$$.log
    mkdir -p "$home/target"
    find "$home/target" -maxdepth 1 -type f -name "$name-[0-9]*.log" -mtime +7 -delete
    ln -sfn "${log_file##*/}" "$home/target/$name.log"
}

# Runs a command of io.flowsentinel.local in the place of the script: Flink inside one JVM, with a log of its own.
# ParallelGC: throughput counts here, not pauses. TieredStopAtLevel=1: on two cores the second compiler takes more than it
# gives back in a run of seconds (1 M records: 0.7 of the time without it; 4 M records: 1.15). A long run does better with
# FLOW_SENTINEL_JAVA_OPTS=-XX:TieredStopAtLevel=4; that is also the place for -Xmx8g and the like.
run_here() {
    local command=$1 terminal=false package opens=()
    shift
    new_log
    [[ -t 1 && -t 2 ]] && terminal=true
    for package in lang util util.concurrent lang.invoke net io time; do
        opens+=(--add-opens "java.base/java.$package=ALL-UNNAMED")
    done
    # shellcheck disable=SC2086,SC2154
    exec "$java" "${opens[@]}" -XX:+UseParallelGC -XX:TieredStopAtLevel=1 -XX:MaxRAMPercentage=60 \
        ${FLOW_SENTINEL_JAVA_OPTS:-} \
        -Dflow-sentinel.home="$home" -Dflow-sentinel.terminal="$terminal" \
        -Dflow-sentinel.log="$log_file" -Dlog4j2.configurationFile=log4j2-local.properties \
        -cp "$home/target/classes:$(cat "$class_path")" "io.flowsentinel.local.$command" "$@"
}
