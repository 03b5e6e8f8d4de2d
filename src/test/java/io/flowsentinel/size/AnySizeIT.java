package io.flowsentinel.size;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link LifecycleSize} with the options in {@code -Dsize}. */
class AnySizeIT {

    @Test
    @EnabledIfSystemProperty(named = "size", matches = ".+")
    void theAskedSizeRuns() throws Exception {
        LifecycleSize.main(System.getProperty("size").strip().split("\\s+", -1));
    }
}
