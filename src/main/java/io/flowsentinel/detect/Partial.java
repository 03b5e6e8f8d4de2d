package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;

/**
 * What one subtask has counted for a subject in a pane since it last sent. It crosses the key exchange in a {@link
 * PartialBlock}.
 *
 * @param part whose behaviour, for which family, in which pane
 * @param page what was counted; adds up with that of other subtasks
 */
public record Partial(SubjectPart part, Page page) {

    /** The same in a pane that does not start before another. */
    Partial notBefore(long pane) {
        return part.pane() >= pane ? this : new Partial(new SubjectPart(part.subject(), part.family(), pane), page);
    }
}
