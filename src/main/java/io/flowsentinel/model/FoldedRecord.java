package io.flowsentinel.model;

/**
 * A record at the moment it is taken into a connection: what it carried counts now, not when the connection closes.
 *
 * @param flow the record; no duplicate of one taken before
 * @param fromOriginator whether the originator sent the packets, as far as is known by now
 * @param rolesKnown whether a handshake tells the roles by now, not a guess
 * @param decidedAt epoch seconds of event time at which it was taken: does not depend on when that was computed
 */
public record FoldedRecord(FlowRecord flow, boolean fromOriginator, boolean rolesKnown, long decidedAt)
        implements LifecycleEvent {}
