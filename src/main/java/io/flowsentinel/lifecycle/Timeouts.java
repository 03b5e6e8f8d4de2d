package io.flowsentinel.lifecycle;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long a connection waits for its next record. A record belongs while its start is not after the deadline.
 *
 * @param aggregationInterval W, the longest window the flow logs are configured with
 * @param linger after the close evidence, from the last end
 * @param attempt after the last SYN of a connection with nothing but SYNs, from that record's end
 * @param halfClose after a FIN of one side, from the last end
 * @param idleTcp any other TCP connection, from the last end
 * @param udp from the last end
 * @param other ICMP and everything else, from the last end
 */
public record Timeouts(
        Duration aggregationInterval,
        Duration linger,
        Duration attempt,
        Duration halfClose,
        Duration idleTcp,
        Duration udp,
        Duration other)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** AWS: start and end of a record are up to 60 s off. */
    static final long CLOCK_SLACK_SECONDS = 60;

    /** The timeouts that go with an aggregation interval. */
    public static Timeouts defaults(Duration aggregationInterval) {
        return of(aggregationInterval, null, null, null, null, null, null);
    }

    /** The timeouts that go with an aggregation interval, except those given: null stands for the default. */
    public static Timeouts of(
            Duration aggregationInterval,
            Duration linger,
            Duration attempt,
            Duration halfClose,
            Duration idleTcp,
            Duration udp,
            Duration other) {
        Duration two = aggregationInterval.multipliedBy(2);
        Duration three = aggregationInterval.multipliedBy(3);
        return new Timeouts(
                aggregationInterval,
                linger != null ? linger : aggregationInterval.plusSeconds(CLOCK_SLACK_SECONDS),
                attempt != null ? attempt : longer(two, Duration.ofSeconds(150)),
                halfClose != null ? halfClose : longer(three, Duration.ofSeconds(300)),
                idleTcp != null ? idleTcp : longer(three, Duration.ofSeconds(900)),
                udp != null ? udp : longer(two, Duration.ofSeconds(180)),
                other != null ? other : longer(two, Duration.ofSeconds(60)));
    }

    /** How long after its start a record is folded, in seconds: by then all records that sort before it are here. */
    long foldDelaySeconds() {
        return aggregationInterval.toSeconds() + CLOCK_SLACK_SECONDS;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
