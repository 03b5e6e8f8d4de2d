package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.LogObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SerializersTest {

    private static final ObjectSplit SPLIT = new ObjectSplit(
            new LogObject(
                    "s3://bucket/AWSLogs/ü.log.gz", 12, "1716613200000", 300, "123456789012", "eu-west-1", "fl-0"),
            1_000_000_000_000L,
            2_000_000_000_000L,
            true,
            77,
            true);

    @Test
    void aSplitComesBackAsItWas() throws IOException {
        ObjectSplitSerializer serializer = ObjectSplitSerializer.INSTANCE;

        ObjectSplit read = serializer.deserialize(serializer.getVersion(), serializer.serialize(SPLIT));

        assertThat(read).isEqualTo(SPLIT);
    }

    @Test
    void progressComesBackAsItWas() throws IOException {
        DiscoveryProgress progress = new DiscoveryProgress(
                "range",
                300,
                Long.MIN_VALUE,
                true,
                5,
                300,
                Map.of(300L, Set.of(Fingerprint.of("a"), Fingerprint.of("b")), 600L, Set.of()),
                6,
                Set.of(Fingerprint.of("stray")),
                7,
                8,
                List.of(SPLIT),
                Map.of("s3://logs", Long.MIN_VALUE, "s3://more", 301L));
        DiscoveryProgressSerializer serializer = new DiscoveryProgressSerializer();

        DiscoveryProgress read = serializer.deserialize(serializer.getVersion(), serializer.serialize(progress));

        assertThat(read).isEqualTo(progress);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aSplitOfAnotherVersionIsRefusedByName(int version) {
        assertThatThrownBy(() -> ObjectSplitSerializer.INSTANCE.deserialize(version, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("a split of version " + version + "; this version reads 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void progressOfAnotherVersionIsRefusedByName(int version) {
        assertThatThrownBy(() -> new DiscoveryProgressSerializer().deserialize(version, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("source progress of version " + version + "; this version reads 3");
    }
}
