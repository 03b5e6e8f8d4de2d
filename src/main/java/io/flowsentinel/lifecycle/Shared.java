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

    private static final int INSTANCES = 1 << 16;

    /** Shared instances at the places of their identity hashes: found without a look at what they are. */
    private final Object[] instances = new Object[INSTANCES];

    /** For {@link Numbered}, of which only one looks for values at a time. */
    private final NumbersByValue numbers = new NumbersByValue();

    private Map<T, T> young = new HashMap<>();
    private Map<T, T> old = new HashMap<>();

    /** The instance that stands for all values equal to this one. */
    T of(T value) {
        int place = System.identityHashCode(value) & INSTANCES - 1;
        if (instances[place] == value) {
            return value;
        }
        T instance = instance(value);
        instances[place] = instance == value ? instance : instances[place];
        return instance;
    }

    private T instance(T value) {
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

    /** A table to be used until the next one asks for it. */
    NumbersByValue numbers() {
        return numbers;
    }
}
