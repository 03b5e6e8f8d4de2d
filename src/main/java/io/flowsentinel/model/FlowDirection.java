package io.flowsentinel.model;

/** The {@code flow-direction} field, relative to the interface that logged; {@code ABSENT} where the log has none. */
public enum FlowDirection {
    ABSENT,
    INGRESS,
    EGRESS
}
