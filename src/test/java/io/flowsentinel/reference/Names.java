package io.flowsentinel.reference;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The two ids of a connection. */
final class Names {

    private Names() {}

    static String connectionId(ConnectionKey key, long start, int split) {
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.writeBytes(key.scope().getBytes(StandardCharsets.UTF_8));
        named.write(0);
        named.write(key.protocol());
        for (Endpoint endpoint : new Endpoint[] {key.lower(), key.higher()}) {
            named.writeBytes(endpoint.address().bytes());
            named.writeBytes(port(endpoint));
        }
        named.writeBytes(ByteBuffer.allocate(12).putLong(start).putInt(split).array());
        return HexFormat.of().formatHex(Arrays.copyOf(digest("SHA-256", named), 16));
    }

    /** Community ID version 1 with seed 0; null where there is none. */
    static String communityId(ConnectionKey key) {
        if (key.protocol() == FlowRecord.ICMP || key.protocol() == FlowRecord.ICMPV6) {
            return null;
        }
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.writeBytes(new byte[2]);
        named.writeBytes(key.lower().address().bytes());
        named.writeBytes(key.higher().address().bytes());
        named.write(key.protocol());
        named.write(0);
        if (key.protocol() == FlowRecord.TCP || key.protocol() == FlowRecord.UDP || key.protocol() == FlowRecord.SCTP) {
            named.writeBytes(port(key.lower()));
            named.writeBytes(port(key.higher()));
        }
        return "1:" + Base64.getEncoder().encodeToString(digest("SHA-1", named));
    }

    private static byte[] port(Endpoint endpoint) {
        return ByteBuffer.allocate(2).putShort((short) endpoint.port()).array();
    }

    private static byte[] digest(String algorithm, ByteArrayOutputStream named) {
        try {
            return MessageDigest.getInstance(algorithm).digest(named.toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
