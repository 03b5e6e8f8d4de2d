package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class InternedTest {

    private final AtomicInteger encoded = new AtomicInteger();
    private final AtomicInteger decoded = new AtomicInteger();

    @Test
    void theInterfacesOfALargeEstateAreEncodedAndDecodedOnce() throws IOException {
        List<String> estate = names(20_000);

        throughTheWire(estate, interned(Interned.OBSERVERS), 3);

        assertThat(encoded.get()).isLessThan(20_000 * 11 / 10);
        assertThat(decoded.get()).isLessThan(20_000 * 11 / 10);
    }

    @Test
    void aCrowdedCacheGivesNoWrongAnswer() throws IOException {
        throughTheWire(names(1_000), interned(8), 2);

        assertThat(encoded.get()).isGreaterThan(1_000);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "eni-" + i).toList();
    }

    private Interned<String> interned(int places) {
        return new Interned<>(
                places,
                (text, out) -> {
                    encoded.incrementAndGet();
                    Wire.writeNullable(text, out);
                },
                in -> {
                    decoded.incrementAndGet();
                    return Wire.readNullable(in);
                });
    }

    private static void throughTheWire(List<String> values, Interned<String> interned, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            DataOutputSerializer out = new DataOutputSerializer(1024);
            for (String value : values) {
                interned.write(value, out);
            }
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
            for (String value : values) {
                assertThat(interned.read(in)).isEqualTo(value);
            }
        }
    }
}
