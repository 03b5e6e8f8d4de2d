package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;

/**
 * What state keeps apart of a subject.
 *
 * @param family code of the family whose part it is
 * @param pane start of the pane; {@link #ALL} for what is not of a pane
 */
public record SubjectPart(Subject subject, int family, long pane) {

    /** Of what belongs to no pane. */
    static final long ALL = Long.MIN_VALUE;

    /** Stable on every JVM. Written out, as are equals: asked of nearly every connection. */
    @Override
    public int hashCode() {
        return 31 * (31 * subject.hashCode() + Long.hashCode(pane)) + family;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubjectPart that
                && pane == that.pane
                && family == that.family
                && subject.equals(that.subject);
    }
}
