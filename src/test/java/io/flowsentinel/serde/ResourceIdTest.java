package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eni-0a1b2c3d4e5f67890",
                "eni-0ffffffffffffffff",
                "eni-00000000000000000",
                "i-01234567890abcdef",
                "eni-ffffffff",
                "i-00c0ffee",
                "eni-1a1b2c3d4e5f67890",
                "eni-0A1B2C3D4E5F67890",
                "eni-0a1b2c3d4e5f6789",
                "eni-0a1b2c3d4e5f6789g",
                "eni-",
                "i-",
                "tgw-attach-0123456789abcdef0",
                "-",
                ""
            })
    void anIdComesBackAsItWas(String id) throws IOException {
        assertThat(read(write(id))).isEqualTo(id);
    }

    @Test
    void noneComesBackAsNone() throws IOException {
        assertThat(read(write(null))).isNull();
    }

    @Test
    void whatAwsWritesTakesFewBytes() throws IOException {
        assertThat(write("eni-0a1b2c3d4e5f67890")).hasSize(9);
        assertThat(write("i-00c0ffee")).hasSize(5);
    }

    private static byte[] write(String id) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(32);
        ResourceId.write(id, out);
        return out.getCopyOfBuffer();
    }

    private static String read(byte[] bytes) throws IOException {
        return ResourceId.read(new DataInputDeserializer(bytes));
    }
}
