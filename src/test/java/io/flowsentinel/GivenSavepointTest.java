package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchException;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.testing.History;
import io.flowsentinel.testing.HistoryFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class GivenSavepointTest {

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    private static final History STORE = History.of(1, 1, 1, 1);

    @TempDir
    private Path folder;

    @Test
    void whatAStoreHasNotIsRefusedBeforeAnythingIsSubmitted() {
        String savepoint = STORE.uri() + "savepoint-1";

        assertThatThrownBy(() -> GivenSavepoint.check(from(savepoint)))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith("execution.state-recovery.path: '" + savepoint
                        + "' does not exist; expected a savepoint or a retained checkpoint");
    }

    @Test
    void whatIsThereAndWhatOnlyTheClusterCanSeeIsLetThrough() {
        String key = HistoryFileSystem.publish(
                STORE, History.account(0), History.region(0), Instant.parse("2026-01-15T00:00:00Z"), "a");

        assertThatCode(() -> GivenSavepoint.check(from(STORE.uri() + key))).doesNotThrowAnyException();
        assertThatCode(() -> GivenSavepoint.check(from(folder.resolve("nowhere").toString())))
                .doesNotThrowAnyException();
        assertThatCode(() -> GivenSavepoint.check(from("unheard-of://savepoint-1")))
                .doesNotThrowAnyException();
        assertThatCode(() -> GivenSavepoint.check(new Configuration())).doesNotThrowAnyException();
    }

    @Test
    void whatTheClusterDoesNotFindIsRefusedInTheSameWords() {
        Configuration settings = from(folder.resolve("savepoint-1").toString());
        Exception failure = failureOfAJob(settings);

        assertThatThrownBy(() -> GivenSavepoint.refusal(failure, settings))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith("execution.state-recovery.path: '" + folder.resolve("savepoint-1")
                        + "' does not exist; expected a savepoint or a retained checkpoint");
    }

    @Test
    void whatTheClusterCannotReadIsToldInOneLine() throws Exception {
        Files.writeString(folder.resolve("_metadata"), "no savepoint");
        Configuration settings = from(folder.toString());

        assertThat(GivenSavepoint.refusal(failureOfAJob(settings), settings))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("The job was not started: ")
                        .contains("magic number")
                        .hasLineCount(1));
    }

    @Test
    void anotherFailureIsNoRefusal() {
        assertThat(GivenSavepoint.refusal(new IllegalStateException("broken"), from(folder.toString())))
                .isEmpty();
    }

    /** A job manager that takes over runs the main method again, long after its savepoint was of use. */
    @Test
    void inApplicationModeASavepointThatIsGoneStopsNobody() {
        Configuration settings = from(STORE.uri() + "savepoint-1");
        settings.set(DeploymentOptions.TARGET, "embedded");

        assertThatCode(() -> GivenSavepoint.check(settings)).doesNotThrowAnyException();
    }

    private static Configuration from(String savepoint) {
        Configuration settings = new Configuration();
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return settings;
    }

    private static Exception failureOfAJob(Configuration settings) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(1);
        env.fromSequence(1, 1).uid("numbers").sinkTo(new DiscardingSink<>()).uid("nowhere");
        return catchException(() -> env.execute("numbers"));
    }
}
