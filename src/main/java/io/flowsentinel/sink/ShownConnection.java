package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * A connection of an alert's evidence, or a single record where those count, as one line for people.
 *
 * @param start when it began
 * @param lasted from its start to its end
 * @param originator who opened it
 * @param responder the other side
 * @param protocol IANA protocol number
 * @param outcome conn_state and verdict; empty where a single record counts
 * @param id of the connection; empty likewise
 * @param scope of the connection; empty where it has none
 */
record ShownConnection(
        Instant start,
        Duration lasted,
        End originator,
        End responder,
        int protocol,
        String outcome,
        String id,
        String scope) {

    /**
     * One end.
     *
     * @param address its address and port
     * @param host its instance, else its interface; empty where the log tells neither
     */
    private record End(String address, String host, long packets, long bytes) {

        static End of(JsonNode end, String interfaceField, String instanceField, long packets, long bytes) {
            String ip = end.path("ip").asText();
            String instance = end.path(instanceField).asText();
            return new End(
                    (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":"
                            + end.path("port").asInt(),
                    instance.isEmpty() ? end.path(interfaceField).asText() : instance,
                    packets,
                    bytes);
        }

        String name() {
            return host.isEmpty() ? address : address + " (" + host + ")";
        }

        String sent() {
            return packets + (packets == 1 ? " packet " : " packets ") + amount(bytes);
        }
    }

    static ShownConnection ofOcsf(JsonNode evidence) {
        JsonNode data = evidence.path("data");
        JsonNode traffic = data.path("traffic");
        Instant start = Instant.ofEpochMilli(data.path("start_time").asLong());
        return new ShownConnection(
                start,
                Duration.ofMillis(data.path("duration").asLong()),
                End.of(
                        evidence.path("src_endpoint"),
                        "interface_uid",
                        "instance_uid",
                        traffic.path("packets_out").asLong(),
                        traffic.path("bytes_out").asLong()),
                End.of(
                        evidence.path("dst_endpoint"),
                        "interface_uid",
                        "instance_uid",
                        traffic.path("packets_in").asLong(),
                        traffic.path("bytes_in").asLong()),
                evidence.path("connection_info").path("protocol_num").asInt(),
                outcome(data),
                evidence.path("uid").asText(),
                data.path("scope").asText());
    }

    static ShownConnection ofEcs(JsonNode evidence) {
        Instant start = Instant.parse(evidence.path("start").asText());
        return new ShownConnection(
                start,
                Duration.between(start, Instant.parse(evidence.path("end").asText())),
                ecsEnd(evidence.path("originator")),
                ecsEnd(evidence.path("responder")),
                evidence.path("protocol").asInt(),
                outcome(evidence),
                evidence.path("connection").asText(),
                evidence.path("scope").asText());
    }

    private static End ecsEnd(JsonNode end) {
        return End.of(
                end,
                "interface",
                "instance",
                end.path("packets").asLong(),
                end.path("bytes").asLong());
    }

    private static String outcome(JsonNode of) {
        return (of.path("conn_state").asText() + " " + of.path("verdict").asText()).strip();
    }

    /** What it is: a connection, or the record of what one side sent, of which no connection is known. */
    String kind() {
        return id.isEmpty() ? "record of traffic" : "connection";
    }

    /**
     * Such as {@code 2026-01-15T10:00:00Z +62s 10.0.1.5:40001 (i-0a) > 203.0.113.5:443 TCP SF allowed, out 12 packets 3.4 kB,
     * in 10 packets 5.1 kB, 0f}. A record is about one direction only: of the other it tells nothing.
     *
     * @param scopeOfAll that of the alert, which need not be told again; empty where it has none
     */
    String text(String scopeOfAll) {
        String text = start + " +" + lasted.toSeconds() + "s " + originator.name() + " > " + responder.name() + " "
                + protocolName();
        if (!outcome.isEmpty()) {
            text += " " + outcome;
        }
        boolean whole = !id.isEmpty();
        if (whole || originator.packets() > 0) {
            text += ", out " + originator.sent();
        }
        if (whole || responder.packets() > 0) {
            text += ", in " + responder.sent();
        }
        if (!scope.isEmpty() && !scope.equals(scopeOfAll)) {
            text += ", scope " + scope;
        }
        return whole ? text + ", " + id : text;
    }

    private String protocolName() {
        return switch (protocol) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            default -> "protocol " + protocol;
        };
    }

    private static String amount(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < 4) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, "kMGTP".charAt(unit));
    }
}
