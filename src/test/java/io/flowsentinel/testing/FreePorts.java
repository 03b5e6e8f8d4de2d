package io.flowsentinel.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that nobody listens on. They lie below those that systems give to outgoing connections (on Linux from 32,768 on): of
 * these a passing connection may have one by the time a process that was told of it opens it.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    /** Test runs side by side begin at different places, and the two JVMs of one far apart. */
    private static final AtomicInteger NEXT = new AtomicInteger(
            (int) ((ProcessHandle.current().pid() * 31 + Integer.getInteger("test.fork", 0) * (COUNT / 2)) % COUNT));

    private FreePorts() {}

    /** One that was not given out before. */
    public static int one() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("No port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }

    /** Several, which differ. */
    public static int[] several(int count) {
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            ports[i] = one();
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // somebody listens there
        }
    }
}
