package io.flowsentinel.parse;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells a header line from any other: at least half of its words are names of flow log fields.
 *
 * <p>The first column may be anything, and so may the columns newer than this catalogue. A record cannot pass: half of
 * the fields of a usable one are addresses, numbers and times. Inside an object one known name is not enough, lest a
 * stray word such as {@code end} change the meaning of every line after it.
 */
final class HeaderLine {

    private HeaderLine() {}

    /** The format a header names; null where the line is no header. */
    static FlowLogFormat read(Tokens tokens, boolean firstLine) {
        if (tokens.count() > Tokens.CAPACITY) {
            return null;
        }
        List<String> names = new ArrayList<>();
        int known = 0;
        for (int i = 0; i < tokens.count(); i++) {
            String name = tokens.text(i);
            // A header padded with blanks still names its columns in order.
            if (!name.isEmpty()) {
                names.add(name);
                known += FlowLogField.named(name) != null ? 1 : 0;
            }
        }
        boolean header = known >= (firstLine ? 1 : 2) && 2 * known >= names.size();
        return header ? FlowLogFormat.ofHeader(names) : null;
    }
}
