package io.flowsentinel.detect.judging;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** What is learned about one subject, without Flink. */
public final class MemoryInMemory implements Memory {

    public final Map<String, long[]> numbers = new HashMap<>();
    public long forgotten;

    @Override
    public long[] get(String name) {
        return numbers.get(name);
    }

    @Override
    public void put(String name, long[] values) {
        numbers.put(name, values);
    }

    @Override
    public void remove(String name) {
        numbers.remove(name);
    }

    @Override
    public void forgotten(long things) {
        forgotten += things;
    }

    @Override
    public void read(BiConsumer<String, long[]> reader) {
        numbers.forEach(reader);
    }
}
