package io.flowsentinel.source.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatedFolderTest {

    private static final String PLAIN = "AWSLogs/123456789012/vpcflowlogs/us-east-1";
    private static final String HIVE =
            "pre/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1";
    private static final SlotRange NOON_TO_ONE =
            SlotRange.between(Instant.parse("2024-05-25T12:00:00Z"), Instant.parse("2024-05-25T13:00:00Z"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                PLAIN + "/2024",
                PLAIN + "/2024/05",
                PLAIN + "/2024/05/25",
                PLAIN + "/2024/05/25/12",
                PLAIN + "/2024/05/25/11",
                HIVE + "/year=2024",
                HIVE + "/year=2024/month=05/day=25",
                HIVE + "/year=2024/month=05/day=25/hour=13",
            })
    void foldersThatTouchTheRangeAreEntered(String key) {
        assertThat(DatedFolder.ofKey(key)).hasValueSatisfying(folder -> assertThat(folder.mayHold(NOON_TO_ONE))
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PLAIN + "/2023",
                PLAIN + "/2024/06",
                PLAIN + "/2024/05/24",
                PLAIN + "/2024/05/25/10",
                HIVE + "/year=2025",
                HIVE + "/year=2024/month=05/day=26",
                HIVE + "/year=2024/month=05/day=25/hour=14",
            })
    void foldersAwayFromTheRangeAreNot(String key) {
        assertThat(DatedFolder.ofKey(key)).hasValueSatisfying(folder -> assertThat(folder.mayHold(NOON_TO_ONE))
                .isFalse());
    }

    @Test
    void otherFoldersStandForNoTime() {
        assertThat(DatedFolder.ofKey(PLAIN)).isEmpty();
        assertThat(DatedFolder.ofKey("archive/2024/05")).isEmpty();
        assertThat(DatedFolder.ofKey(PLAIN + "/2024/13")).isEmpty();
    }

    @Test
    void withoutBoundsEveryFolderIsEntered() {
        SlotRange all = SlotRange.between(null, null);

        assertThat(DatedFolder.ofKey(PLAIN + "/1999"))
                .hasValueSatisfying(folder -> assertThat(folder.mayHold(all)).isTrue());
    }
}
