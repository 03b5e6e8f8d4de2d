package io.flowsentinel.sink;

import io.flowsentinel.model.IpAddress;
import java.io.Serializable;

/** Tells addresses of our own networks from all others. */
@FunctionalInterface
public interface InternalNetworks extends Serializable {

    /** For where no networks are configured: then only an interface of its own makes an address internal. */
    InternalNetworks NONE = address -> false;

    boolean contains(IpAddress address);
}
