package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.serde.Buckets;

/**
 * What one subtask has counted for a subject in a pane since it last sent: what crosses the key exchange.
 *
 * @param part whose behaviour, for which family, in which pane
 * @param page what was counted; adds up with that of other subtasks
 */
public record Partial(SubjectPart part, Page page) {

    /** The key of the exchange. */
    public Integer bucket() {
        return bucketOf(part.subject());
    }

    /** Whose state is kept together. */
    static Integer bucketOf(Subject subject) {
        return Buckets.keyOfHash(subject.hashCode());
    }
}
