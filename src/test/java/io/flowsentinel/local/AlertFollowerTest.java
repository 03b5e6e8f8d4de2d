package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class AlertFollowerTest {

    @Test
    void aTopicThatCannotBeReadIsNoReasonToFail() {
        Properties client = new Properties();
        client.setProperty("bootstrap.servers", "nowhere.invalid:9092");

        assertThat(AlertFollower.start(client, "vpc-flow-alerts", "run", alert -> {}))
                .isEmpty();
    }
}
