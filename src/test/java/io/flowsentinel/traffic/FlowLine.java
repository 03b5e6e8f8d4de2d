package io.flowsentinel.traffic;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.TcpFlags;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A record as a line of a flow log with every field a connection can show. */
public final class FlowLine {

    /** The names of the fields, in the order of the lines. */
    public static final String HEADER =
            "version account-id interface-id vpc-id subnet-id instance-id region az-id srcaddr dstaddr srcport dstport"
                    + " protocol packets bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction"
                    + " traffic-path pkt-src-aws-service pkt-dst-aws-service reject-reason";

    private static final String ABSENT = "-";
    private static final List<String> NO_PACKETS = List.of(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT);

    private FlowLine() {}

    /** The line of a usable record. */
    public static String of(FlowRecord flow) {
        boolean packetAddresses = (flow.absent() & FlowRecord.DEGRADED) == 0 || flow.forwarded();
        Annotations annotations = flow.annotations();
        return line(
                interfaceFields(flow.observer()),
                Stream.of(
                        flow.plainSource(),
                        flow.plainDestination(),
                        flow.source().port(),
                        flow.destination().port(),
                        flow.protocol(),
                        flow.packets(),
                        (flow.absent() & FlowRecord.NO_BYTES) != 0 ? null : flow.bytes(),
                        flow.start(),
                        flow.end(),
                        flow.action(),
                        "OK",
                        flow.tcpFlags() == TcpFlags.ABSENT ? null : flow.tcpFlags(),
                        packetAddresses ? flow.source().address() : null,
                        packetAddresses ? flow.destination().address() : null,
                        direction(flow),
                        annotations.trafficPath() == Annotations.NO_PATH ? null : annotations.trafficPath(),
                        annotations.sourceService(),
                        annotations.destinationService(),
                        annotations.rejectReason()));
    }

    /** The line that says what an interface did not log. */
    public static String of(CoverageRecord coverage) {
        return line(
                interfaceFields(coverage.observer()),
                Stream.of(
                                NO_PACKETS.stream(),
                                Stream.of(coverage.start(), coverage.end(), ABSENT, coverage.status()),
                                Stream.concat(NO_PACKETS.stream(), Stream.of(ABSENT)))
                        .flatMap(fields -> fields));
    }

    private static Stream<Object> interfaceFields(Observer observer) {
        return Stream.of(
                5,
                observer.accountId(),
                observer.interfaceId(),
                observer.vpcId(),
                observer.subnetId(),
                observer.instanceId(),
                observer.region(),
                observer.azId());
    }

    private static String direction(FlowRecord flow) {
        return flow.flowDirection() == FlowDirection.ABSENT
                ? null
                : flow.flowDirection().name().toLowerCase(Locale.ROOT);
    }

    private static String line(Stream<Object> interfaceFields, Stream<?> rest) {
        return Stream.concat(interfaceFields, rest)
                .map(field -> field == null ? ABSENT : field.toString())
                .collect(Collectors.joining(" "));
    }
}
