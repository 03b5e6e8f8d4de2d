#!/usr/bin/env bash
# Submits the job to a Flink cluster: to one that is running, or as a cluster of its own on Kubernetes (application mode).
# scripts/submit.sh --help lists the options. Builds the job jar first where that is needed.
set -euo pipefail

script=submit.sh
# shellcheck source=scripts/build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

# Where the image of the Dockerfile has them.
image_jar=local:///opt/flink/usrlib/flow-sentinel.jar
image_config=/opt/flink/job-config/cluster.yaml

usage() {
    cat <<'END'
Usage: scripts/submit.sh [options]

Where to:
      --target TARGET         remote (default): a session cluster, found by Flink's configuration or --jobmanager
                              kubernetes-session: a session cluster on Kubernetes, by --cluster-id
                              kubernetes-application: a cluster of the job's own, from --image
      --application           the same as --target kubernetes-application
      --jobmanager HOST:PORT  REST address of the session cluster
      --cluster-id NAME       name of the cluster on Kubernetes
      --image IMAGE           image of the Dockerfile
      --flink KEY=VALUE       any setting of Flink's client or cluster; may be given several times
      --detached              return when the job is submitted, not when it is over

What:
      --from-savepoint PATH   go on from a savepoint or a retained checkpoint
      --allow-non-restored-state
                              leave out state of the savepoint that belongs to no operator of this job
      --jar FILE              the job jar; default: the one of this folder, built where that is needed
      --config FILE           YAML file of settings; default: job-config/cluster.yaml
      --rules FILE            rules file: modes, thresholds, allow-lists
      --input URI             bucket (s3://), folder or file of flow log objects
      --from TIME, --to TIME  range to read, ISO-8601
      --continuous            go on as objects are published
      --brokers HOST:PORT     Kafka to write the feeds to
      --parallelism N         parallelism of the job
      --set KEY=VALUE         any setting of the job; may be given several times

      --dry-run               check the settings and rules, and print the command instead of running it; needs no Flink,
                              but a JDK, and Maven where the classes are not built yet
  -h, --help

In application mode --jar, --config and --rules are paths inside the image. Settings of the job that a file of the image
cannot know go by --set. Secrets do not: name them as ${env:NAME} or ${file:PATH:KEY}.

Needs Flink's command line, but for --dry-run: FLINK_HOME, or flink on the PATH.
Exit codes: 0 done; 1 the submission or the job failed; 2 a bad option, configuration or rules file.
END
}

refuse() {
    echo "$script: $1" >&2
    exit 2
}

# An option's value: there, and not the next option.
value() {
    [[ $# -ge 2 && -n $2 && $2 != --* ]] || refuse "$1: no value; expected $1 with a value, see --help"
    echo "$2"
}

setting() {
    [[ $2 == ?*=* ]] || refuse "$1: '$2' is not allowed; expected KEY=VALUE"
}

# What is on a command line is in the process list, and in application mode on Flink's web page.
no_secret() {
    local key=${2%%=*} value=${2#*=}
    if [[ ${key,,} =~ (password|secret|jaas|credential|token|apikey|access-key) && $value != *\$\{* && -n $value ]]; then
        refuse "$1: $key is a secret and would be readable on the command line; expected \${env:NAME} or \${file:PATH:KEY} \
(kafka.*), or Flink's configuration (s3.*)"
    fi
}

target=remote
jobmanager=
cluster_id=
image=
jar=
config=
dry_run=false
flink_options=()
job_options=()

while (($# > 0)); do
    case $1 in
        --target)
            target=$(value "$@")
            shift 2
            ;;
        --application)
            target=kubernetes-application
            shift
            ;;
        --jobmanager)
            jobmanager=$(value "$@")
            shift 2
            ;;
        --cluster-id)
            cluster_id=$(value "$@")
            shift 2
            ;;
        --image)
            image=$(value "$@")
            shift 2
            ;;
        --flink)
            value "$@" >/dev/null
            setting "$1" "$2"
            no_secret "$1" "$2"
            flink_options+=("-D$2")
            shift 2
            ;;
        --detached)
            flink_options+=(--detached)
            shift
            ;;
        --from-savepoint)
            value "$@" >/dev/null
            flink_options+=(--fromSavepoint "$2")
            shift 2
            ;;
        --allow-non-restored-state)
            flink_options+=(--allowNonRestoredState)
            shift
            ;;
        --jar)
            jar=$(value "$@")
            shift 2
            ;;
        --config)
            config=$(value "$@")
            shift 2
            ;;
        --parallelism)
            value "$@" >/dev/null
            [[ $2 =~ ^[1-9][0-9]*$ ]] || refuse "$1: '$2' is not allowed; expected a whole number of 1 or more"
            job_options+=("$1" "$2")
            shift 2
            ;;
        --rules | --input | --from | --to | --brokers)
            value "$@" >/dev/null
            job_options+=("$1" "$2")
            shift 2
            ;;
        --continuous)
            job_options+=("$1")
            shift
            ;;
        --set)
            value "$@" >/dev/null
            setting "$1" "$2"
            no_secret "$1" "$2"
            job_options+=("$1" "$2")
            shift 2
            ;;
        --dry-run)
            dry_run=true
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) refuse "$1: no such option; --help lists all" ;;
    esac
done

case $target in
    remote)
        [[ -z $cluster_id && -z $image ]] ||
            refuse "--cluster-id and --image: not allowed with --target remote; expected a target on Kubernetes"
        ;;
    kubernetes-session)
        [[ -n $cluster_id ]] || refuse "--cluster-id: not set; expected the name of the session cluster"
        [[ -z $image ]] || refuse "--image: not allowed with --target kubernetes-session, whose cluster has one already"
        ;;
    kubernetes-application)
        [[ -n $cluster_id ]] || refuse "--cluster-id: not set; expected a name for the cluster"
        [[ -n $image ]] || refuse "--image: not set; expected the image of the Dockerfile"
        ;;
    *)
        refuse "--target: '$target' is not allowed; expected remote, kubernetes-session or kubernetes-application"
        ;;
esac

if [[ -n $jobmanager ]]; then
    [[ $target == remote ]] || refuse "--jobmanager: not allowed with --target $target; expected --cluster-id"
    [[ $jobmanager =~ ^[^:/]+:[0-9]+$ ]] || refuse "--jobmanager: '$jobmanager' is not allowed; expected HOST:PORT"
    flink_options+=("-Drest.address=${jobmanager%:*}" "-Drest.port=${jobmanager##*:}")
fi
[[ -z $cluster_id ]] || flink_options+=("-Dkubernetes.cluster-id=$cluster_id")
[[ -z $image ]] || flink_options+=("-Dkubernetes.container.image.ref=$image")

if [[ -n ${FLINK_HOME:-} ]]; then
    flink=$FLINK_HOME/bin/flink
    [[ -x $flink ]] || fail "FLINK_HOME: no bin/flink below '$FLINK_HOME'; expected the folder of a Flink distribution"
elif ! flink=$(command -v flink); then
    [[ $dry_run == true ]] || fail "no flink found: needs Flink's command line, in FLINK_HOME or on the PATH"
    echo "There is no flink here: the command needs it, in FLINK_HOME or on the PATH" >&2
    flink=flink
fi

if [[ $target == kubernetes-application ]]; then
    jar=${jar:-$image_jar}
    [[ $jar == local:///* ]] || refuse "--jar: '$jar' is not allowed in application mode; expected local:///PATH in the image"
    config=${config:-$image_config}
else
    config=${config:-$home/job-config/cluster.yaml}
    [[ -r $config && ! -d $config ]] || refuse "--config: '$config' cannot be read; expected a YAML file"
    if [[ -n $jar ]]; then
        [[ -r $jar && ! -d $jar ]] || refuse "--jar: '$jar' cannot be read; expected the job jar"
    elif [[ $dry_run == true ]]; then
        jar=$(job_jar_file)
    else
        prepare_job_jar
        jar=$job_jar
    fi
fi

# The settings as the job will read them; what the job itself refuses when it starts, in application mode in a pod's log.
check_settings() {
    local known=$config options=("${job_options[@]}") elsewhere=()
    if [[ $target == kubernetes-application ]]; then
        # The image has this folder's files; what else is named may be in it or be mounted.
        known=${known/#\/opt\/flink\/job-config\//$home/job-config/}
        options=("${options[@]//\/opt\/flink\/job-config\//$home/job-config/}")
        elsewhere=(--files-elsewhere)
        if [[ ! -r $known ]]; then
            echo "Not checked: --config: '$config' is not on this machine" >&2
            return
        fi
    fi
    prepare
    "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile=log4j2-check.properties \
        -cp "$home/target/classes:$(cat "$class_path")" io.flowsentinel.local.CheckSettings \
        "${elsewhere[@]}" --config "$known" "${options[@]}" || exit $?
}

if [[ $dry_run == true ]]; then
    check_settings
    if [[ $jar == "$home"/* && ! -e $jar ]]; then
        echo "The job jar is not there yet: without --dry-run it is built first" >&2
    fi
fi

command=("$flink" run --target "$target" "${flink_options[@]}" "$jar" --config "$config" "${job_options[@]}")
if [[ $dry_run == true ]]; then
    printf '%q ' "${command[@]}"
    echo
    exit 0
fi
exec "${command[@]}"
