package io.flowsentinel.source;

import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A job was to go on from a savepoint over an input that has nothing to do with the one it was taken over. No restart
 * changes that.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class OtherInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_NAMED = 3;

    private OtherInput(String message) {
        super(message);
    }

    static OtherInput of(Collection<String> configured, Collection<String> former) {
        return new OtherInput("source.uri: '" + names(configured)
                + "' has nothing to do with what the savepoint was taken"
                + " over, " + names(former) + "; expected one of its roots among them, or source.allow-other-input=true"
                + " where another input is meant");
    }

    private static String names(Collection<String> roots) {
        String first = roots.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return roots.size() <= MOST_NAMED ? first : first + " and " + (roots.size() - MOST_NAMED) + " more";
    }
}
