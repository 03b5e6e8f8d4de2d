package io.flowsentinel.sample;

/**
 * One end of a conversation.
 *
 * @param address its address as text
 * @param port 0 for protocols without ports
 * @param service AWS service its address belongs to, or {@code -}
 */
public record Peer(String address, int port, String service) {

    public static Peer of(String address, int port) {
        return new Peer(address, port, "-");
    }
}
