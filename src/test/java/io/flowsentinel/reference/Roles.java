package io.flowsentinel.reference;

import io.flowsentinel.model.FlowRecord;

/**
 * Who opened a connection.
 *
 * @param originatorIsLower whether it was the lower endpoint of the key
 * @param evidence as the feed writes it
 */
record Roles(boolean originatorIsLower, String evidence) {

    static Roles of(Folded connection) {
        Roles proven = proven(connection.records());
        if (proven != null) {
            return proven;
        }
        return connection.continues() != null ? of(connection.continues()) : guessed(connection.records());
    }

    /** By flags of both actions; null where they prove nothing. */
    private static Roles proven(ConnectionRecords records) {
        if (records.key().protocol() != FlowRecord.TCP) {
            return null;
        }
        int lower = records.flagsOfBothActions(true);
        int higher = records.flagsOfBothActions(false);
        if (Flags.synOnly(lower) != Flags.synOnly(higher)) {
            return new Roles(Flags.synOnly(lower), "syn");
        }
        if (Flags.synAck(lower) != Flags.synAck(higher)) {
            return new Roles(Flags.synAck(higher), "synack");
        }
        return null;
    }

    private static Roles guessed(ConnectionRecords records) {
        int lower = records.key().lower().port();
        int higher = records.key().higher().port();
        boolean ports =
                switch (records.key().protocol()) {
                    case FlowRecord.TCP, FlowRecord.UDP, FlowRecord.SCTP -> lower != higher;
                    default -> false;
                };
        return ports
                ? new Roles(higher < lower, "port")
                : new Roles(records.fromLower(records.all().get(0)), "none");
    }

    boolean known() {
        return evidence.equals("syn") || evidence.equals("synack");
    }
}
