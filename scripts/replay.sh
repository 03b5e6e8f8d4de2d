#!/usr/bin/env bash
# Replays history beside the live job: on this machine, or with --on-cluster on a Flink cluster. scripts/replay.sh --help
# lists the options. Builds first where that is needed.
set -euo pipefail

script=replay.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

refuse() {
    echo "$script: $1" >&2
    exit 2
}

# Hands the replay to scripts/submit.sh, which knows the options of clusters.
submit() {
    local options=() restored=false from=false to=false configured=false
    while (($# > 0)); do
        case $1 in
            --on-cluster) ;;
            --savepoint)
                [[ $# -ge 2 && -n $2 ]] || refuse "$1: no value; expected $1 with a value, see --help"
                # The state of the live job's sinks stays where it is: only the live job may finish its transactions.
                options+=(--from-savepoint "$2" --allow-non-restored-state)
                restored=true
                shift
                ;;
            --into-live-topics)
                options+=(--set job.into-live-topics=true)
                for feed in alerts connections quarantine late suppressed; do
                    options+=(--set "$feed.kafka.topic=vpc-flow-$feed")
                done
                ;;
            --take-savepoint | --what-if | --compare-with | --json | --output | --overwrite | --quiet)
                refuse "$1: not allowed beside --on-cluster; expected it without, on this machine"
                ;;
            --continuous) refuse "$1: not allowed in a replay, which has an end" ;;
            *)
                [[ $1 != --from ]] || from=true
                [[ $1 != --to ]] || to=true
                [[ $1 != --config ]] || configured=true
                options+=("$1")
                ;;
        esac
        shift
    done
    [[ $to == true ]] || refuse "--to: not set; expected the end of the range, ISO-8601, such as 2026-01-16"
    [[ $from == true || $restored == true ]] ||
        refuse "--from: not set; expected the beginning of the range, ISO-8601, or a --savepoint to begin with"
    [[ $configured == true ]] || options+=(--config "$home/job-config/replay.yaml")
    local id
    id=$(printf '%s%05d' "$(date +%y%m%d%H%M%S)" "$RANDOM")
    exec "$home/scripts/submit.sh" --set "job.replay-id=$id" --set "sink.transactional-id-prefix=flow-sentinel-replay-$id" \
        "${options[@]}" --set job.run-mode=replay --set source.mode=bounded
}

on_cluster=false
for argument in "$@"; do
    case $argument in
        --on-cluster) on_cluster=true ;;
        --help)
            on_cluster=false
            break
            ;;
    esac
done
if [[ $on_cluster == true ]]; then
    submit "$@"
fi

prepare
run_here ReplayRun "$@"
