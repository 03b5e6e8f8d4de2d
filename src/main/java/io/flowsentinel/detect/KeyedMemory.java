package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Subject;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.util.FlinkRuntimeException;

/** What the family at hand has learned about the subject at hand, in Flink's state: of the bucket at hand, by part. */
final class KeyedMemory implements Memory {

    private final InternalMapState<Integer, SubjectPart, String, long[]> numbers;

    private final LongConsumer forgotten;

    /** @param forgotten hears how many things were forgotten for want of room */
    KeyedMemory(InternalMapState<Integer, SubjectPart, String, long[]> numbers, LongConsumer forgotten) {
        this.numbers = numbers;
        this.forgotten = forgotten;
    }

    /** Turns to what a family knows of a subject. */
    KeyedMemory of(Subject whose, int familyCode) {
        numbers.setCurrentNamespace(new SubjectPart(whose, familyCode, SubjectPart.ALL));
        return this;
    }

    /** Forgets everything. */
    void clear() {
        numbers.clear();
    }

    @Override
    public long[] get(String name) {
        try {
            return numbers.get(name);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read what is known of " + name, e);
        }
    }

    @Override
    public void put(String name, long[] values) {
        try {
            numbers.put(name, values);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot write what is known of " + name, e);
        }
    }

    @Override
    public void remove(String name) {
        try {
            numbers.remove(name);
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
                reader.accept(entry.getKey(), entry.getValue());
            }
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read what is known of a subject", e);
        }
    }
}
