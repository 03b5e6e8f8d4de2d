package io.flowsentinel.source.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectNameTest {

    private static final String FILE =
            "123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20240525T0510Z_fe123456.log.gz";
    private static final ObjectName READ = new ObjectName(
            Instant.parse("2024-05-25T05:10:00Z").getEpochSecond(),
            "123456789012",
            "us-east-1",
            "fl-0123456789abcdef0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/",
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/05/",
                "some/prefix/AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/",
                "AWSLogs/o-a1b2c3d4e5/123456789012/vpcflowlogs/us-east-1/2024/05/25/",
                "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/"
                        + "year=2024/month=05/day=25/",
                "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/"
                        + "year=2024/month=05/day=25/hour=05/",
                "p/AWSLogs/aws-account-id=123456789012/service=vpcflowlogs/aws-region=us-east-1/"
                        + "year=2024/month=05/day=25/",
            })
    void everyLayoutIsAnObject(String folder) {
        assertThat(ObjectName.ofKey(folder + FILE)).contains(READ);
    }

    @Test
    void aParquetObjectIsAnObject() {
        String key = "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/" + FILE.replace(".gz", ".parquet");

        assertThat(ObjectName.ofKey(key)).contains(READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/test_file.log.gz",
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/" + FILE + ".tmp",
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/" + FILE,
                "AWSLogs/123456789012/elasticloadbalancing/us-east-1/2024/05/25/" + FILE,
                "AWSLogs/1234/vpcflowlogs/us-east-1/2024/05/25/" + FILE,
                "XAWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/" + FILE,
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/"
                        + "123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20241399T9999Z_fe123456.log.gz",
                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/"
                        + "123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20240525T0510Z_fe.12.log.gz",
                "_SUCCESS",
                FILE,
            })
    void anythingElseIsAStray(String key) {
        assertThat(ObjectName.ofKey(key)).isEmpty();
    }

    @Test
    void aFileNameAloneTellsTheSlotOfASingleFile() {
        assertThat(ObjectName.ofFileName(FILE)).contains(READ);
        assertThat(ObjectName.ofFileName("my.log")).isEmpty();
    }

    @Test
    void aTimeOffTheGridIsInTheSlotThatHoldsIt() {
        String key = "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/05/25/" + FILE.replace("T0510Z", "T0514Z");

        assertThat(ObjectName.ofKey(key)).contains(READ);
    }
}
