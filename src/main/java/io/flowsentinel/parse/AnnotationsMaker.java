package io.flowsentinel.parse;

import io.flowsentinel.model.Annotations;
import java.util.List;

/** Makes the annotations from the fields that AWS adds beside the packets' own. */
final class AnnotationsMaker {

    private static final int KIND = 2;

    private AnnotationsMaker() {}

    /** The columns of a format that decide the annotations. */
    static ColumnGroup columns(FlowLogFormat format) {
        return ColumnGroup.of(
                KIND,
                List.of(
                        FlowLogField.TRAFFIC_PATH,
                        FlowLogField.REJECT_REASON,
                        FlowLogField.PKT_SRC_AWS_SERVICE,
                        FlowLogField.PKT_DST_AWS_SERVICE),
                format);
    }

    /** The annotations of a line; null where its traffic path is no number. */
    static Annotations make(Tokens tokens, FlowLogFormat format) {
        int path = format.column(FlowLogField.TRAFFIC_PATH);
        int trafficPath = Annotations.NO_PATH;
        if (path != FlowLogFormat.NO_COLUMN && !tokens.absent(path)) {
            long number = tokens.number(path);
            if (number == Tokens.NOT_A_NUMBER || number > Integer.MAX_VALUE) {
                return null;
            }
            trafficPath = (int) number;
        }
        Annotations annotations = new Annotations(
                trafficPath,
                tokens.textOrNull(format.column(FlowLogField.REJECT_REASON)),
                tokens.textOrNull(format.column(FlowLogField.PKT_SRC_AWS_SERVICE)),
                tokens.textOrNull(format.column(FlowLogField.PKT_DST_AWS_SERVICE)));
        return annotations.equals(Annotations.NONE) ? Annotations.NONE : annotations;
    }
}
