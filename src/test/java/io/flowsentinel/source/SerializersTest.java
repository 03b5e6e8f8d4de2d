package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.LogObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

    @Test
    void progressOfVersionTwoIsReadAndSaysNoRoots() throws IOException {
        DiscoveryProgressSerializer serializer = new DiscoveryProgressSerializer();
        DiscoveryProgress none = DiscoveryProgress.none(SourceSettings.bounded(List.of("s3://logs")));
        byte[] present = serializer.serialize(none);
        // The number of roots is what it has not.
        byte[] former = Arrays.copyOf(present, present.length - Integer.BYTES);

        assertThat(serializer.deserialize(2, former)).isEqualTo(none);
    }

    @Test
    void anUnknownVersionIsRefusedByName() {
        assertThatThrownBy(() -> ObjectSplitSerializer.INSTANCE.deserialize(9, new byte[0]))
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> ObjectSplitSerializer.INSTANCE.deserialize(1, new byte[0]))
                .hasMessageContaining("version 1; this version reads 2");
        assertThatThrownBy(() -> new DiscoveryProgressSerializer().deserialize(9, new byte[0]))
                .hasMessageContaining("version 9");
    }
}
