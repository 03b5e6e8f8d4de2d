package io.flowsentinel.source.discovery;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says loudly that a root gives no objects, and what was seen there instead: a wrong prefix looks just like a quiet
 * network. Once a root, for looks repeat.
 */
final class RootBook {

    private static final Logger LOG = LoggerFactory.getLogger(RootBook.class);

    private final Set<String> warned = new HashSet<>();

    /** What a walk saw in the roots that have given no object since; in the order of the roots. */
    private final Map<Path, List<String>> silent = new LinkedHashMap<>();

    /** A walk begins. */
    void begin() {
        silent.clear();
    }

    /** A walk was at a root, qualified, and saw these names. */
    void walked(Path root, List<String> seen) {
        silent.put(root, seen);
    }

    void missing(Path root) {
        if (warned.add(root.toString())) {
            LOG.warn("source.uri {} does not exist: waiting for it", root);
        }
    }

    void found(String uri) {
        silent.keySet().removeIf(root -> {
            String folder = root.toString();
            return uri.startsWith(folder.endsWith("/") ? folder : folder + "/");
        });
    }

    /** All that is below the roots was looked at. */
    void complete(String wanted) {
        silent.forEach((root, seen) -> {
            if (warned.add(root.toString())) {
                LOG.warn(
                        "source.uri {} holds no flow log object{}; expected {}; seen instead: {}",
                        root,
                        wanted,
                        ObjectName.EXPECTED,
                        seen.isEmpty() ? "nothing" : String.join(", ", seen));
            }
        });
        silent.clear();
    }
}
