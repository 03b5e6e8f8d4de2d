package io.flowsentinel.model;

/**
 * Where a record stands in the input.
 *
 * @param object the object's full URI, {@code s3://bucket/key} or {@code file:/path}
 * @param line from 1, headers counted
 */
public record RecordRef(String object, long line) implements Comparable<RecordRef> {

    @Override
    public int compareTo(RecordRef other) {
        int byObject = object.compareTo(other.object);
        return byObject != 0 ? byObject : Long.compare(line, other.line);
    }
}
