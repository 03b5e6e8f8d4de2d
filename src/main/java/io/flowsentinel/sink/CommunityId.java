package io.flowsentinel.sink;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Community ID version 1 with seed 0: the name of a conversation that Zeek, Suricata and others give it too
 * (github.com/corelight/community-id-spec). An instance is used by one thread.
 */
final class CommunityId {

    private static final int LONGEST = 2 + 16 + 16 + 1 + 1 + 2 + 2;

    private final MessageDigest sha1 = sha1();
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST);

    /**
     * The id of the conversation between two endpoints, the same in either order; null for ICMP and ICMPv6, whose ids
     * rest on a type and code that flow logs do not have.
     */
    String of(int protocol, Endpoint one, Endpoint other) {
        if (protocol == FlowRecord.ICMP || protocol == FlowRecord.ICMPV6) {
            return null;
        }
        boolean ordered = one.compareTo(other) <= 0;
        Endpoint lower = ordered ? one : other;
        Endpoint higher = ordered ? other : one;
        input.clear().putShort((short) 0);
        put(lower.address());
        put(higher.address());
        input.put((byte) protocol).put((byte) 0);
        if (hasPorts(protocol)) {
            input.putShort((short) lower.port()).putShort((short) higher.port());
        }
        sha1.update(input.flip());
        return "1:" + Base64.getEncoder().encodeToString(sha1.digest());
    }

    private void put(IpAddress address) {
        if (address.ipv6()) {
            input.putLong(address.high()).putLong(address.low());
        } else {
            input.putInt((int) address.low());
        }
    }

    private static boolean hasPorts(int protocol) {
        return protocol == FlowRecord.TCP || protocol == FlowRecord.UDP || protocol == FlowRecord.SCTP;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
