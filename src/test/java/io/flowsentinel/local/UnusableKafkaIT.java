package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.Test;

/** What a user is told whose Kafka is not there, or does not let the job create its topics. */
class UnusableKafkaIT {

    private static final int FAILED = 1;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aBrokerThatIsNotThereIsNamed() {
        int exitCode = run("nowhere.invalid:9092");

        assertThat(exitCode).isEqualTo(FAILED);
        assertThat(lastError()).startsWith("The job failed: Kafka at nowhere.invalid:9092 cannot be used: ");
    }

    @Test
    void aTopicThatMayNotBeCreatedIsNamedWithTheRemedy() {
        try (KafkaBroker kafka =
                KafkaBroker.start(Map.of("create.topic.policy.class.name", NothingAllowed.class.getName()))) {
            int exitCode = run(kafka.brokers());

            assertThat(exitCode).isEqualTo(FAILED);
            assertThat(lastError())
                    .isEqualTo("The job failed: topic vpc-flow-alerts is missing at " + kafka.brokers()
                            + " and may not be created (ask first): create it, or allow this user to");
        }
    }

    private int run(String brokers) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return LocalRun.execute(nowhere, errors, "--brokers", brokers);
    }

    private String lastError() {
        return err.toString(StandardCharsets.UTF_8)
                .lines()
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** Forbids every topic. The broker makes one by itself, hence public. */
    public static final class NothingAllowed implements CreateTopicPolicy {

        @Override
        public void configure(Map<String, ?> configs) {
            // Nothing to configure.
        }

        @Override
        public void validate(RequestMetadata request) {
            throw new PolicyViolationException("ask first");
        }

        @Override
        public void close() {
            // Nothing to close.
        }
    }
}
