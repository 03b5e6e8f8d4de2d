package io.flowsentinel.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Other rules, from a moment of event time on. It reaches every subtask before event time has passed that moment there.
 * Immutable.
 */
public final class RulesChange implements Notice, LifecycleEvent, Serializable {

    private static final long serialVersionUID = 1L;

    private final long afterMillis;
    private final String version;
    private final ArrayList<OpenAge> ages;
    private final byte[] rules;
    private final String submission;

    /**
     * Other rules than before.
     *
     * @param afterMillis epoch milliseconds; what is decided at a later moment is decided by these rules
     * @param version the same where all rules and lists are
     * @param ages at which open connections are told; ascending, may be empty
     * @param rules all of them, as whoever applies them writes and reads them; not copied
     */
    public RulesChange(long afterMillis, String version, List<OpenAge> ages, byte[] rules) {
        this(afterMillis, version, ages, rules, "");
    }

    /**
     * As written by a serializer.
     *
     * @param submission see {@link #submission}
     */
    public RulesChange(long afterMillis, String version, List<OpenAge> ages, byte[] rules, String submission) {
        this.afterMillis = afterMillis;
        this.version = version;
        this.ages = new ArrayList<>(ages);
        this.rules = rules;
        this.submission = submission;
    }

    /**
     * The rules a job starts with: they hold for everything until there are others.
     *
     * @param submission see {@link #submission}
     */
    public static RulesChange given(String version, List<OpenAge> ages, String submission) {
        return new RulesChange(Long.MIN_VALUE, version, ages, new byte[0], submission);
    }

    /** Epoch milliseconds of event time; what is decided at a later moment is decided by these rules. */
    public long afterMillis() {
        return afterMillis;
    }

    /** The same where all rules and lists are. */
    public String version() {
        return version;
    }

    /** Ages at which open connections are told; ascending, may be empty. */
    public List<OpenAge> ages() {
        return Collections.unmodifiableList(ages);
    }

    /** All rules, not to be changed; empty for those a job started with, which everybody has. */
    public byte[] rules() {
        return rules;
    }

    /**
     * Names the submission that gave the rules to the job: the same after a failure, another one where somebody has
     * started the job anew. Empty for a change.
     */
    public String submission() {
        return submission;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RulesChange that
                && afterMillis == that.afterMillis
                && version.equals(that.version)
                && ages.equals(that.ages)
                && submission.equals(that.submission)
                && Arrays.equals(rules, that.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(afterMillis, version);
    }

    @Override
    public String toString() {
        return "rules " + version + " after " + afterMillis;
    }
}
