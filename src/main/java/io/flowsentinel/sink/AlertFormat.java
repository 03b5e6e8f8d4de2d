package io.flowsentinel.sink;

/** The schema alert bodies follow. */
public enum AlertFormat {
    /** OCSF Detection Finding. */
    OCSF,
    /** Elastic Common Schema. */
    ECS
}
