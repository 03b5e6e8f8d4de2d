package io.flowsentinel.sink;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.QuarantinedLine;
import java.io.Serializable;

/**
 * How the messages of each feed are written.
 *
 * @param alertFormat schema of alerts and of suppressed alerts
 * @param internal our own networks: from where {@code direction_id} is judged
 */
public record Encoders(AlertFormat alertFormat, InternalNetworks internal) implements Serializable {

    public FeedEncoder<Alert> alerts() {
        return switch (alertFormat) {
            case OCSF -> new OcsfAlert();
            case ECS -> new EcsAlert();
        };
    }

    public FeedEncoder<Connection> connections() {
        return new OcsfConnection(internal);
    }

    public FeedEncoder<QuarantinedLine> quarantine() {
        return new QuarantineRow();
    }

    public FeedEncoder<LateRecord> late() {
        return new LateRow();
    }
}
