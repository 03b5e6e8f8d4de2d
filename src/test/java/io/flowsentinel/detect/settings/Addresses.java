package io.flowsentinel.detect.settings;

import io.flowsentinel.model.IpAddress;

/** Addresses by their text, for tests. */
public final class Addresses {

    private Addresses() {}

    public static IpAddress ip(String text) {
        return Cidr.parse(text).network();
    }
}
