package io.flowsentinel.detect.rule;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells which flow log an object is of, from the object's name: {@code
 * <account>_vpcflowlogs_<region>_<flow log>_<time>_<hash>.log.gz}. Asked for every record, so each name is taken apart once.
 */
final class FlowLogs {

    /** Objects remembered; far more than are read at a time. */
    private static final int MOST = 4_096;

    private static final int PARTS = 6;
    private static final String KIND = "vpcflowlogs";
    private static final String ID = "fl-";

    private final Map<String, FlowLog> byObject = new HashMap<>();

    /** The one instance of each: they are looked up for every record. */
    private final Map<FlowLog, FlowLog> known = new HashMap<>();

    private String lastObject;
    private FlowLog last;

    /**
     * A flow log.
     *
     * @param id such as {@code fl-0123456789abcdef0}
     * @param owner account and region
     */
    record FlowLog(String id, String owner) {}

    /** The object's flow log; null where the name tells none. */
    FlowLog of(String object) {
        if (!object.equals(lastObject)) {
            if (byObject.size() >= MOST) {
                byObject.clear();
                known.clear();
            }
            last = byObject.computeIfAbsent(object, this::parse);
            lastObject = object;
        }
        return last;
    }

    private FlowLog parse(String object) {
        String[] parts = object.substring(object.lastIndexOf('/') + 1).split("_", -1);
        if (parts.length != PARTS || !parts[1].equals(KIND) || !parts[3].startsWith(ID)) {
            return null;
        }
        FlowLog parsed = new FlowLog(parts[3], parts[0] + " " + parts[2]);
        FlowLog same = known.putIfAbsent(parsed, parsed);
        return same == null ? parsed : same;
    }
}
