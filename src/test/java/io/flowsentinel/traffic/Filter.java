package io.flowsentinel.traffic;

/**
 * A rule of a security group or network ACL that lets no packet of one direction past one hop.
 *
 * @param hop from 0, counted from the originator
 * @param replies whether it stops the responder's packets, not the originator's
 * @param since epoch seconds from which it is in force
 */
record Filter(int hop, boolean replies, long since) {

    static final Filter NONE = new Filter(-1, false, Long.MAX_VALUE);

    boolean stops(int at, boolean reply, Packets packets) {
        return at == hop && reply == replies && packets.at() >= since;
    }
}
