package io.flowsentinel.source.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.LogTree;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found below roots of every layout, and what is not looked at. */
final class FolderListingTest {

    private static final Instant SLOT = Instant.parse("2024-05-25T05:10:00Z");
    private static final Instant NOW = Instant.parse("2024-05-25T05:30:00Z");
    private static final SlotRange ALL = SlotRange.between(null, null);
    private static final String FILE =
            "123456789012_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20240525T0510Z_fe123456.log.gz";
    private static final String PLAIN = "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/05/25/";

    @TempDir
    Path folder;

    private final List<FolderListing> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(FolderListing::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PLAIN,
                PLAIN + "05/",
                "team/network/" + PLAIN,
                "AWSLogs/o-a1b2c3d4e5/123456789012/vpcflowlogs/eu-west-1/2024/05/25/",
                "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/"
                        + "year=2024/month=05/day=25/",
                "AWSLogs/aws-account-id=123456789012/service=vpcflowlogs/aws-region=eu-west-1/"
                        + "year=2024/month=05/day=25/hour=05/",
            })
    void everyLayoutIsFoundByAWalkAndByTheCalendar(String layout) throws IOException {
        new LogTree(folder).file(layout + FILE, bytes());
        FolderListing listing = listing(ObjectFilter.NONE, folder.toString());

        Discovered walked = listing.discover(ALL, true);
        new LogTree(folder).file(layout + FILE.replace("fe123456", "0a0a0a0a"), bytes());
        Discovered recent = listing.discover(ALL.notBefore(SLOT.getEpochSecond()), false);

        assertThat(walked.objects()).singleElement().satisfies(object -> {
            assertThat(object.uri()).endsWith(layout + FILE);
            assertThat(object.slotSeconds()).isEqualTo(SLOT.getEpochSecond());
            assertThat(object.size()).isEqualTo(bytes().length);
        });
        assertThat(recent.objects()).hasSize(2);
        assertThat(walked.strays()).isEmpty();
    }

    @Test
    void layoutsMixedInOneBucketAndOverlappingRootsGiveEachObjectOnce() throws IOException {
        String hive = "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/"
                + "year=2024/month=05/day=25/";
        new LogTree(folder)
                .file(PLAIN + FILE, bytes())
                .file(hive + FILE, bytes())
                .file("old/" + PLAIN + FILE, bytes());

        Discovered found = listing(
                        ObjectFilter.NONE,
                        folder.toString(),
                        folder.resolve("old").toString(),
                        folder.resolve(PLAIN + FILE).toString())
                .discover(ALL, true);

        assertThat(found.objects()).extracting(LogObject::uri).hasSize(3).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AWSLogs",
                "AWSLogs/123456789012",
                "AWSLogs/123456789012/vpcflowlogs/eu-west-1",
                "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024",
                "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/05",
                "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/05/25",
                PLAIN + FILE,
            })
    void aRootMayBeAtAnyDepth(String root) throws IOException {
        new LogTree(folder).file(PLAIN + FILE, bytes());

        Discovered found =
                listing(ObjectFilter.NONE, folder.resolve(root).toString()).discover(ALL, true);

        assertThat(found.objects()).hasSize(1);
    }

    @Test
    void aFilterTakesAccountsRegionsAndFlowLogs() throws IOException {
        LogTree tree = new LogTree(folder);
        List<String> accounts = List.of("111111111111", "222222222222");
        for (String account : accounts) {
            for (String region : List.of("eu-west-1", "us-east-1")) {
                for (String flowLog : List.of("fl-01", "fl-02")) {
                    tree.file(
                            "AWSLogs/" + account + "/vpcflowlogs/" + region + "/2024/05/25/" + account + "_vpcflowlogs_"
                                    + region + "_" + flowLog + "_20240525T0510Z_fe123456.log.gz",
                            bytes());
                }
            }
        }

        assertThat(found(ObjectFilter.of(List.of("111111111111"), List.of(), List.of())))
                .hasSize(4)
                .allMatch(object -> object.account().equals("111111111111"));
        assertThat(found(ObjectFilter.of(accounts, List.of("us-east-1"), List.of())))
                .hasSize(4)
                .allMatch(object -> object.region().equals("us-east-1"));
        assertThat(found(ObjectFilter.of(List.of("222222222222"), List.of("us-east-1"), List.of("fl-02"))))
                .singleElement()
                .satisfies(object -> assertThat(object.flowLogId()).isEqualTo("fl-02"));
        assertThat(found(ObjectFilter.of(List.of("333333333333"), List.of(), List.of())))
                .isEmpty();
    }

    @Test
    void otherFilesAreStraysWhereverTheyAre() throws IOException {
        new LogTree(folder)
                .file(PLAIN + FILE, bytes())
                .file("readme.txt", bytes())
                .file("AWSLogs/123456789012/CloudTrail/eu-west-1/2024/05/25/trail.json.gz", bytes())
                .file("AWSLogs/123456789012/vpcflowlogs/eu-west-1/tmp/x.log.gz", bytes())
                .file(PLAIN + "test_file.log.gz", bytes())
                .file(PLAIN + FILE + ".tmp", bytes());

        Discovered found = listing(ObjectFilter.NONE, folder.toString()).discover(ALL, true);

        assertThat(found.objects()).hasSize(1);
        assertThat(found.strays()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aFolderAmongTheDaysThatIsNoneHoldsOnlyStrays() throws IOException {
        new LogTree(folder).file(PLAIN + FILE, bytes()).file(PLAIN + "backup/" + FILE, bytes());

        Discovered found = listing(ObjectFilter.NONE, folder.toString()).discover(ALL, true);

        assertThat(found.objects()).hasSize(1);
        assertThat(found.strays()).singleElement().asString().contains("/backup/");
    }

    @Test
    void aFileThatIsNamedIsNoStrayInItsFolder() throws IOException {
        new LogTree(folder).file("x/my.log", bytes()).file(PLAIN + "other.log", bytes());

        Discovered found = listing(
                        ObjectFilter.NONE,
                        folder.toString(),
                        folder.resolve("x/my.log").toString(),
                        folder.resolve(PLAIN + "other.log").toString())
                .discover(ALL, true);

        assertThat(found.objects()).hasSize(2);
        assertThat(found.strays()).isEmpty();
    }

    @Test
    void anotherServicesLogsAreNotWalkedAgain() throws IOException {
        new LogTree(folder)
                .file(PLAIN + FILE, bytes())
                .file("AWSLogs/123456789012/CloudTrail/eu-west-1/2024/05/25/trail.json.gz", bytes());
        FolderListing listing = listing(ObjectFilter.NONE, folder.toString());

        long first = listing.discover(ALL, true).listCalls();
        long second = listing.discover(ALL, true).listCalls();

        assertThat(first - second).isEqualTo(5);
    }

    @Test
    void aRangeEntersOnlyTheFoldersThatMayHoldIt() throws IOException {
        LogTree tree = new LogTree(folder);
        for (int day = 0; day < 90; day++) {
            tree.object(SLOT.minusSeconds(day * 86_400L), "hash");
        }
        SlotRange oneDay =
                SlotRange.between(Instant.parse("2024-04-10T00:00:00Z"), Instant.parse("2024-04-11T00:00:00Z"));

        Discovered found = listing(ObjectFilter.NONE, folder.toString()).discover(oneDay, true);

        assertThat(found.objects()).hasSize(1);
        // The six folders down to the month, the day, and the days on either side for names of two windows off.
        assertThat(found.listCalls()).isEqualTo(7 + 3);
    }

    @Test
    void aMissingRootIsAnErrorByNameUnlessItIsWaitedFor() throws IOException {
        String missing = folder.resolve("missing").toString();
        FolderListing waiting = new FolderListing(List.of(missing), ObjectFilter.NONE, true, clock());
        opened.add(waiting);

        assertThatThrownBy(() -> listing(ObjectFilter.NONE, missing).discover(ALL, true))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("missing: there is no such file or folder");
        Discovered nothingYet = waiting.discover(ALL, true);
        new LogTree(folder.resolve("missing")).file(PLAIN + FILE, bytes());
        Discovered found = waiting.discover(ALL, true);

        assertThat(nothingYet.objects()).isEmpty();
        assertThat(found.objects()).hasSize(1);
    }

    @Test
    void aNewAccountIsFoundByTheNextWalk() throws IOException {
        new LogTree(folder).file(PLAIN + FILE, bytes());
        FolderListing listing = listing(ObjectFilter.NONE, folder.toString());
        listing.discover(ALL, true);

        new LogTree(folder).file((PLAIN + FILE).replace("123456789012", "999999999999"), bytes());
        Discovered before = listing.discover(ALL.notBefore(SLOT.getEpochSecond()), false);
        Discovered after = listing.discover(ALL.notBefore(SLOT.getEpochSecond()), true);

        assertThat(before.objects()).hasSize(1);
        assertThat(after.objects()).hasSize(2);
    }

    private List<LogObject> found(ObjectFilter filter) throws IOException {
        return listing(filter, folder.toString()).discover(ALL, true).objects();
    }

    private FolderListing listing(ObjectFilter filter, String... roots) {
        FolderListing listing = new FolderListing(List.of(roots), filter, false, clock());
        opened.add(listing);
        return listing;
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    private static byte[] bytes() {
        return "a line".getBytes(StandardCharsets.UTF_8);
    }
}
