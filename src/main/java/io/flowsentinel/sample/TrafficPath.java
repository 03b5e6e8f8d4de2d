package io.flowsentinel.sample;

/** The way packets leave an interface, as the {@code traffic-path} column has it. */
public enum TrafficPath {
    NONE("-"),
    SAME_VPC("1"),
    VIRTUAL_PRIVATE_GATEWAY("3"),
    GATEWAY_ENDPOINT("7"),
    INTERNET_GATEWAY("8");

    private final String code;

    TrafficPath(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
