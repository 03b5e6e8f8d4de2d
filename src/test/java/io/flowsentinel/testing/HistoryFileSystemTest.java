package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HistoryFileSystemTest {

    private static final History THREE_DAYS = History.of(2, 2, 3, 1).until(LocalDate.of(2024, 3, 1));
    private static final String A_REGION = "AWSLogs/100000000001/vpcflowlogs/ap-south-1/";

    @BeforeEach
    @AfterEach
    void reset() {
        HistoryFileSystem.reset();
    }

    @Test
    void flinkFindsTheFileSystemByItsScheme() throws IOException {
        assertThat(new Path(THREE_DAYS.uri()).getFileSystem()).isNotNull();
        assertThatThrownBy(() -> new Path("history://else/").getFileSystem()).hasStackTraceContaining("'else'");
    }

    @Test
    void aFolderShowsWhatIsDirectlyBelow() throws IOException {
        assertThat(names(list(THREE_DAYS, ""))).containsExactly("AWSLogs");
        assertThat(names(list(THREE_DAYS, "AWSLogs"))).containsExactly("100000000000", "100000000001");
        assertThat(names(list(THREE_DAYS, "AWSLogs/100000000001"))).containsExactly("vpcflowlogs");
        assertThat(names(list(THREE_DAYS, "AWSLogs/100000000001/vpcflowlogs/")))
                .containsExactly("ap-northeast-1", "ap-south-1");
        assertThat(names(list(THREE_DAYS, A_REGION))).containsExactly("2024");
        assertThat(names(list(THREE_DAYS, A_REGION + "2024"))).containsExactly("02", "03");
        assertThat(names(list(THREE_DAYS, A_REGION + "2024/02"))).containsExactly("28", "29");
        assertThat(list(THREE_DAYS, A_REGION + "2024/02")).allMatch(FileStatus::isDir);
        FileStatus[] objects = list(THREE_DAYS, A_REGION + "2024/02/29");
        assertThat(objects).hasSize(288).noneMatch(FileStatus::isDir);
        assertThat(names(objects))
                .startsWith("100000000001_vpcflowlogs_ap-south-1_fl-0123456789abcdef0_20240229T0000Z_00000000.log.gz")
                .endsWith("100000000001_vpcflowlogs_ap-south-1_fl-0123456789abcdef0_20240229T2355Z_00000000.log.gz");
    }

    @Test
    void foldersCanBeHiveCompatibleAndOfHours() throws IOException {
        History hive = THREE_DAYS.hiveCompatible().withHours();
        String day = "AWSLogs/aws-account-id=100000000000/aws-service=vpcflowlogs/aws-region=ap-south-1"
                + "/year=2024/month=03/day=01";

        assertThat(names(list(hive, day))).hasSize(24).startsWith("hour=00").endsWith("hour=23");
        assertThat(names(list(hive, day + "/hour=23")))
                .hasSize(12)
                .startsWith("100000000000_vpcflowlogs_ap-south-1_fl-0123456789abcdef0_20240301T2300Z_00000000.log.gz");
        assertThat(hive.key(History.account(0), "ap-south-1", Instant.parse("2024-03-01T23:00:00Z"), "00000000"))
                .isEqualTo(
                        day + "/hour=23/" + names(list(hive, day + "/hour=23")).get(0));
        assertThat(names(list(THREE_DAYS.withHours(), A_REGION + "2024/03/01"))).contains("07");
    }

    @Test
    void allOfItIsAsMuchAsItSays() throws IOException {
        List<History> histories = List.of(
                THREE_DAYS,
                THREE_DAYS.hiveCompatible(),
                THREE_DAYS.withHours(),
                History.of(1, 3, 40, 2).until(LocalDate.of(2025, 1, 9)));
        for (History history : histories) {
            assertThat(walk(history)).hasSize((int) history.objects()).doesNotHaveDuplicates();
        }
    }

    @Test
    void callsAndEntriesAreCounted() throws IOException {
        list(THREE_DAYS, A_REGION + "2024/02");
        list(THREE_DAYS, A_REGION + "2024/02/29");
        FileSystem files = new Path(THREE_DAYS.uri()).getFileSystem();
        files.getFileStatus(new Path(THREE_DAYS.uri()));
        files.open(list(THREE_DAYS, A_REGION + "2024/02/29")[7].getPath()).close();

        assertThat(HistoryFileSystem.listings()).isEqualTo(3);
        assertThat(HistoryFileSystem.entriesListed()).isEqualTo(2 + 288 + 288);
        assertThat(HistoryFileSystem.statusCalls()).isEqualTo(1);
        assertThat(HistoryFileSystem.opened()).isEqualTo(1);
        HistoryFileSystem.reset();
        assertThat(HistoryFileSystem.listings()).isZero();
    }

    @Test
    void anObjectHasAHeaderAndARecordOfItsSlot() throws IOException {
        FileStatus object = list(THREE_DAYS, A_REGION + "2024/02/29")[1];

        byte[] content;
        try (var in = object.getPath().getFileSystem().open(object.getPath())) {
            content = in.readAllBytes();
        }

        long slot = Instant.parse("2024-02-29T00:05:00Z").getEpochSecond();
        assertThat(content).hasSize((int) object.getLen());
        assertThat(new String(content, StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("2 100000000001 ") && line.contains(" " + slot + " " + (slot + 59)));
        assertThat(object.getModificationTime()).isEqualTo((slot + 600) * 1000);
    }

    @Test
    void whatIsPublishedIsThereWithItsFolders() throws IOException {
        Instant nextDay = Instant.parse("2024-03-02T10:05:00Z");
        String inARegion = HistoryFileSystem.publish(THREE_DAYS, History.account(1), "ap-south-1", nextDay, "abcd");
        String ofANewAccount = HistoryFileSystem.publish(THREE_DAYS, History.account(7), "eu-west-1", nextDay, "abcd");
        String late = HistoryFileSystem.publish(
                THREE_DAYS, History.account(1), "ap-south-1", Instant.parse("2024-02-29T00:00:00Z"), "late");

        assertThat(names(list(THREE_DAYS, "AWSLogs"))).endsWith("100000000001", "100000000007");
        assertThat(names(list(THREE_DAYS, A_REGION + "2024/03"))).containsExactly("01", "02");
        assertThat(list(THREE_DAYS, A_REGION + "2024/02/29")).hasSize(289);
        assertThat(walk(THREE_DAYS))
                .hasSize((int) THREE_DAYS.objects() + 3)
                .contains(THREE_DAYS.uri() + inARegion, THREE_DAYS.uri() + ofANewAccount, THREE_DAYS.uri() + late);
        assertThat(names(list(THREE_DAYS.withHours(), "AWSLogs"))).doesNotContain("100000000007");
        FileSystem files = new Path(THREE_DAYS.uri()).getFileSystem();
        assertThat(files.getFileStatus(new Path(THREE_DAYS.uri() + ofANewAccount))
                        .isDir())
                .isFalse();
    }

    @Test
    void whatIsMissingIsAnsweredAsS3DoesOrAsHadoopDoes() throws IOException {
        String later = A_REGION + "2024/04";
        FileSystem files = new Path(THREE_DAYS.uri()).getFileSystem();

        assertThat(list(THREE_DAYS, later)).isEmpty();
        assertThatThrownBy(() -> files.getFileStatus(new Path(THREE_DAYS.uri() + later)))
                .isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> files.open(new Path(THREE_DAYS.uri() + later + "/01/none.log.gz")))
                .isInstanceOf(FileNotFoundException.class);
        HistoryFileSystem.missingFoldersThrow(true);
        assertThatThrownBy(() -> list(THREE_DAYS, later))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining(later);
    }

    @Test
    void aMillionObjectsCostOneListingADay() throws IOException {
        History million = History.of(10, 1, 347, 1);

        int objects = walk(million).size();

        assertThat(objects).isEqualTo(999_360).isEqualTo((int) million.objects());
        assertThat(HistoryFileSystem.listings()).isEqualTo(1 + 1 + 10 * (1 + 1 + 1 + 1 + 12 + 347));
    }

    private static FileStatus[] list(History history, String folder) throws IOException {
        Path path = new Path(history.uri() + folder);
        return path.getFileSystem().listStatus(path);
    }

    private static List<String> names(FileStatus[] entries) {
        return Arrays.stream(entries).map(entry -> entry.getPath().getName()).toList();
    }

    private static List<String> walk(History history) throws IOException {
        FileSystem files = new Path(history.uri()).getFileSystem();
        List<String> objects = new ArrayList<>();
        Deque<Path> folders = new ArrayDeque<>(List.of(new Path(history.uri())));
        while (!folders.isEmpty()) {
            for (FileStatus entry : files.listStatus(folders.pop())) {
                if (entry.isDir()) {
                    folders.push(entry.getPath());
                } else {
                    objects.add(entry.getPath().toString());
                }
            }
        }
        return objects;
    }
}
