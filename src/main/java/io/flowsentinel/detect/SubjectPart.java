package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;

/** What is kept apart of a subject: what a family knows of it, of one pane or in all. */
public final class SubjectPart {

    /** Of what belongs to no pane. */
    static final long ALL = Long.MIN_VALUE;

    private final Subject subject;
    private final int family;
    private final long pane;

    /** Worked out once: it is asked for at every turn. */
    private final int hash;

    /**
     * A part.
     *
     * @param family code of the family whose part it is
     * @param pane epoch seconds of the start of the pane; {@link #ALL} for what is not of a pane
     */
    SubjectPart(Subject subject, int family, long pane) {
        this.subject = subject;
        this.family = family;
        this.pane = pane;
        this.hash = 31 * (31 * subject.hashCode() + Long.hashCode(pane)) + family;
    }

    Subject subject() {
        return subject;
    }

    int family() {
        return family;
    }

    long pane() {
        return pane;
    }

    /** Stable on every JVM. */
    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubjectPart that
                && hash == that.hash
                && pane == that.pane
                && family == that.family
                && subject.equals(that.subject);
    }

    @Override
    public String toString() {
        return subject + " of family " + family + " in pane " + pane;
    }
}
