package io.flowsentinel.model;

/** The {@code action} field: what security groups and network ACLs did with the packets of a record. */
public enum Action {
    ACCEPT,
    REJECT
}
