package io.flowsentinel.parse;

/** What keeps overlapping private address ranges apart in a connection's key (option {@code connection.scope}). */
public enum Scope {
    /** The VPC of the interface, else its account. */
    VPC,
    /** The account of the interface. */
    ACCOUNT,
    /** Nothing: joins both sides of a peering; only where ranges do not overlap. */
    GLOBAL;

    /** The scope text where the log names neither VPC nor account. */
    static final String NONE = "-";

    private static final String EVERYWHERE = "global";

    /**
     * The scope text of an interface.
     *
     * @param vpcId null where absent
     * @param accountId null where absent
     */
    String text(String vpcId, String accountId) {
        return switch (this) {
            case VPC -> vpcId != null ? vpcId : ACCOUNT.text(null, accountId);
            case ACCOUNT -> accountId != null ? accountId : NONE;
            case GLOBAL -> EVERYWHERE;
        };
    }
}
