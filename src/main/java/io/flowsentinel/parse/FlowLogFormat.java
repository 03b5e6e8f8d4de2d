package io.flowsentinel.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where each field stands in the lines of an object: a header, a schema or a configured list of names, resolved once.
 *
 * <p>Unknown columns only count. A format that no usable record can come from says why in {@link #fault}.
 */
final class FlowLogFormat {

    /** The format has no column for the field. */
    static final int NO_COLUMN = -1;

    /** The 14 fields of a flow log created without a custom format (AWS: "the default format"). */
    static final FlowLogFormat DEFAULT = ofHeader(namesOf(FlowLogField.values(), 14));

    private final int[] columns = new int[FlowLogField.values().length];
    private final int width;
    private final String fault;
    private final boolean transitGateway;
    private final ColumnGroup observerColumns;
    private final ColumnGroup annotationColumns;

    private FlowLogFormat(List<String> names, String origin) {
        Arrays.fill(columns, NO_COLUMN);
        width = names.size();
        String namedTwice = resolve(names);
        transitGateway = Arrays.stream(FlowLogField.values())
                .anyMatch(field -> field.version() == FlowLogField.TRANSIT_GATEWAY_VERSION && has(field));
        observerColumns = ObserverMaker.columns(this);
        annotationColumns = AnnotationsMaker.columns(this);
        fault = namedTwice != null
                ? "column '" + namedTwice + "' is named twice in the " + origin
                : faultOfMissing(origin);
    }

    /** The format an object's header line names. */
    static FlowLogFormat ofHeader(List<String> names) {
        return new FlowLogFormat(names, "header");
    }

    /** The format that the schema within an object names. */
    static FlowLogFormat ofSchema(List<String> names) {
        return new FlowLogFormat(names, "schema");
    }

    /** The format that the configuration names for objects without a header. */
    static FlowLogFormat configured(List<String> names) {
        return new FlowLogFormat(names, "configured format");
    }

    private static List<String> namesOf(FlowLogField[] fields, int count) {
        return Arrays.stream(fields, 0, count).map(FlowLogField::awsName).toList();
    }

    /** Fills in the columns; the first name that comes twice, or null. */
    private String resolve(List<String> names) {
        Set<String> seen = new HashSet<>();
        String namedTwice = null;
        for (int i = 0; i < names.size(); i++) {
            String name = FlowLogField.normal(names.get(i));
            if (!seen.add(name) && namedTwice == null) {
                namedTwice = name;
            }
            FlowLogField field = FlowLogField.named(name);
            if (field != null) {
                columns[field.ordinal()] = i;
            }
        }
        return namedTwice;
    }

    private String faultOfMissing(String origin) {
        List<String> missing = new ArrayList<>();
        if (!has(FlowLogField.SRCADDR) && !has(FlowLogField.PKT_SRCADDR)) {
            missing.add(FlowLogField.SRCADDR.awsName());
        }
        if (!has(FlowLogField.DSTADDR) && !has(FlowLogField.PKT_DSTADDR)) {
            missing.add(FlowLogField.DSTADDR.awsName());
        }
        for (FlowLogField field : List.of(
                FlowLogField.SRCPORT,
                FlowLogField.DSTPORT,
                FlowLogField.PROTOCOL,
                FlowLogField.START,
                FlowLogField.END)) {
            if (!has(field)) {
                missing.add(field.awsName());
            }
        }
        return missing.isEmpty() ? null : "the " + origin + " has no column " + String.join(", ", missing);
    }

    /** Where the field stands, from 0, or {@link #NO_COLUMN}. */
    int column(FlowLogField field) {
        return columns[field.ordinal()];
    }

    boolean has(FlowLogField field) {
        return column(field) != NO_COLUMN;
    }

    /** The names of the fields it has a column for, in the order of the catalogue; unknown columns are not among them. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        for (FlowLogField field : FlowLogField.values()) {
            if (has(field)) {
                fields.add(field.awsName());
            }
        }
        return Collections.unmodifiableSet(fields);
    }

    /** How many fields a line has. */
    int width() {
        return width;
    }

    /** Why no line of this format can be read; null where they can. */
    String fault() {
        return fault;
    }

    /** Whether a transit gateway logged, known by a column only its logs have. */
    boolean transitGateway() {
        return transitGateway;
    }

    /** The columns that make the observer. */
    ColumnGroup observerColumns() {
        return observerColumns;
    }

    /** The columns that make the annotations. */
    ColumnGroup annotationColumns() {
        return annotationColumns;
    }
}
