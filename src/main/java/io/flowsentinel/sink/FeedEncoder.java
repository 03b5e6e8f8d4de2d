package io.flowsentinel.sink;

import java.io.Serializable;
import java.util.Map;

/**
 * What the messages of a feed say, wherever they go. An instance is used by one thread.
 *
 * @param <T> what the feed is about
 */
public interface FeedEncoder<T> extends Serializable {

    /** Messages with the same key stay in order. UTF-8. */
    byte[] key(T element);

    /** One JSON object without line breaks, UTF-8. */
    byte[] value(T element);

    /** What a reader may want to know before parsing the body, by header name. */
    default Map<String, String> headers(T element) {
        return Map.of();
    }
}
