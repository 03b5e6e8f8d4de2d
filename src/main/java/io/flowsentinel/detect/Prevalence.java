package io.flowsentinel.detect;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Severity;
import java.util.Map;
import java.util.TreeMap;

/**
 * The public responders that half and more of the internal hosts talk to, at one moment: what so many do is an agent, an
 * update or a service of the house, not one host's secret.
 *
 * @param timeMillis epoch milliseconds of the end of the pane it is true at
 * @param percents how many of a hundred hosts talk to each responder, by its address; 50 to 100
 */
public record Prevalence(long timeMillis, Map<String, Long> percents) {

    /** What it takes off the score, which is then below the threshold's and shown beside it. */
    private static final long OFF_THE_SCORE = 15;

    /**
     * A beacon's alert of which many do the same: no more than medium, unless the rules file says how severe it is.
     *
     * @param percent how many of a hundred hosts talk to its responder
     * @param override of the severity; null for none
     */
    static Alert lowered(Alert alert, long percent, Severity override) {
        Map<String, Long> numbers = new TreeMap<>(alert.numbers());
        numbers.put("prevalence_percent", percent);
        numbers.put("lowered_score_percent", numbers.get(Beacon.SCORE) - OFF_THE_SCORE);
        boolean lower = override == null && alert.severity() == Severity.HIGH;
        String title = alert.title() + ", as do " + percent + " % of the hosts";
        String message = title + alert.message().substring(alert.title().length());
        return alert.lowered(lower ? Severity.MEDIUM : alert.severity(), title, message, numbers);
    }
}
