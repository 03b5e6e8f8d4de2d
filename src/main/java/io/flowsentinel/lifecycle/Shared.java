package io.flowsentinel.lifecycle;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes equal values one instance, so that buckets that name the same interface or object hold it once. Remembers the
 * values asked for last, at least {@link #GENERATION} of them. For one thread.
 *
 * <p>There are two pools: what is read from a checkpoint is shared by the serializer, what arrives by {@link PackedPass}.
 * So a name may be held twice, by the buckets that have it from before a restore and by those that met it after.
 *
 * @param <T> has equals and hashCode
 */
final class Shared<T> {

    private static final int GENERATION = 1 << 16;

    private Map<T, T> young = new HashMap<>();
    private Map<T, T> old = new HashMap<>();

    /** The instance that stands for all values equal to this one. */
    T of(T value) {
        T known = young.get(value);
        if (known != null) {
            return known;
        }
        known = old.getOrDefault(value, value);
        if (young.size() == GENERATION) {
            old = young;
            young = new HashMap<>();
        }
        young.put(known, known);
        return known;
    }
}
