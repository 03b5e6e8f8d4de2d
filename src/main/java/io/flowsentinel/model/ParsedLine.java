package io.flowsentinel.model;

/**
 * What one line of an object, or the end of the object, turned out to be. Exactly one component beside {@code kind} is
 * set.
 *
 * @param kind which component is set
 */
public record ParsedLine(
        Kind kind,
        FlowRecord flow,
        CoverageRecord coverage,
        QuarantinedLine quarantined,
        LateRecord late,
        Accounts accounts) {

    /** What a line turned out to be. */
    public enum Kind {
        FLOW,
        COVERAGE,
        QUARANTINED,
        LATE,
        ACCOUNTS
    }

    public static ParsedLine of(FlowRecord flow) {
        return new ParsedLine(Kind.FLOW, flow, null, null, null, null);
    }

    public static ParsedLine of(CoverageRecord coverage) {
        return new ParsedLine(Kind.COVERAGE, null, coverage, null, null, null);
    }

    public static ParsedLine of(QuarantinedLine quarantined) {
        return new ParsedLine(Kind.QUARANTINED, null, null, quarantined, null, null);
    }

    public static ParsedLine of(LateRecord late) {
        return new ParsedLine(Kind.LATE, null, null, null, late, null);
    }

    public static ParsedLine of(Accounts accounts) {
        return new ParsedLine(Kind.ACCOUNTS, null, null, null, null, accounts);
    }
}
