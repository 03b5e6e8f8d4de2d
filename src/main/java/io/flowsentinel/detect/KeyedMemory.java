package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Memory;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.util.FlinkRuntimeException;

/** The memory of one family about the subject at hand, in Flink's state. */
final class KeyedMemory implements Memory {

    private final MapState<String, long[]> numbers;

    /** In front of all names of the family. */
    private final String prefix;

    private final LongConsumer forgotten;

    /** @param forgotten hears how many things were forgotten for want of room */
    KeyedMemory(MapState<String, long[]> numbers, Family family, LongConsumer forgotten) {
        this.numbers = numbers;
        this.forgotten = forgotten;
        this.prefix = family.code() + " ";
    }

    @Override
    public long[] get(String name) {
        try {
            return numbers.get(prefix + name);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read what is known of " + name, e);
        }
    }

    @Override
    public void put(String name, long[] values) {
        try {
            numbers.put(prefix + name, values);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot write what is known of " + name, e);
        }
    }

    @Override
    public void remove(String name) {
        try {
            numbers.remove(prefix + name);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot remove what is known of " + name, e);
        }
    }

    @Override
    public void forgotten(long things) {
        forgotten.accept(things);
    }

    @Override
    public void read(BiConsumer<String, long[]> reader) {
        try {
            for (Map.Entry<String, long[]> entry : numbers.entries()) {
                if (entry.getKey().startsWith(prefix)) {
                    reader.accept(entry.getKey().substring(prefix.length()), entry.getValue());
                }
            }
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read what is known of a subject", e);
        }
    }
}
