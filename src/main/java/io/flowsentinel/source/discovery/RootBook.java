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
 * network. Judges the first look only: later ones do not cover all that was asked for.
 */
final class RootBook {

    private static final Logger LOG = LoggerFactory.getLogger(RootBook.class);

    private final Set<Path> missing = new HashSet<>();

    /** What the walk saw in the roots that have given no object since; in the order of the roots. */
    private final Map<Path, List<String>> silent = new LinkedHashMap<>();

    private boolean judged;

    /** The walk was at a root, qualified, and saw these names. */
    void walked(Path root, List<String> seen) {
        if (!judged) {
            silent.put(root, seen);
        }
    }

    void missing(Path root) {
        if (missing.add(root)) {
            LOG.warn("source.uri {} does not exist: waiting for it", root);
        }
    }

    void found(String uri) {
        silent.keySet().removeIf(root -> {
            String folder = root.toString();
            return uri.startsWith(folder.endsWith("/") ? folder : folder + "/");
        });
    }

    /**
     * All that is below the roots was looked at.
     *
     * @param all whether nothing narrows down what is wanted
     */
    void complete(boolean all) {
        String wanted = all
                ? "; expected " + ObjectName.EXPECTED
                : " of the range and filter asked for (source.from, source.to, source.filter)";
        silent.forEach((root, seen) -> LOG.warn(
                "source.uri {} holds no flow log object{}; seen instead: {}",
                root,
                wanted,
                seen.isEmpty() ? "nothing" : String.join(", ", seen)));
        silent.clear();
        judged = true;
    }
}
