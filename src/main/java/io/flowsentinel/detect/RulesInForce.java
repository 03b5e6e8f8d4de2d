package io.flowsentinel.detect;

import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesBytes;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.KeptChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.OperatorStateStore;

/**
 * What an operator makes of the rules, by the moment of event time at which something is decided: before a change the
 * former rules, after it the new ones.
 *
 * @param <B> what it makes of one version, once
 */
final class RulesInForce<B> {

    private final KeptChanges kept;
    private final Rules given;
    private final Made<B> made;
    private final Map<Long, B> byMoment = new HashMap<>();

    /** What {@link #from} said last: it is asked for every element, and the answer rarely changes. */
    private List<B> lastFrom;

    private long lastAsked;

    /** Likewise what {@link #at} said. */
    private B lastAt;

    private long lastMoment;

    /** Makes something of rules. */
    @FunctionalInterface
    interface Made<B> {
        /**
         * Makes it, once for each version.
         *
         * @param afterMillis epoch milliseconds of event time up to which others hold; {@link Long#MIN_VALUE} for none
         */
        B of(Rules rules, long afterMillis);
    }

    private RulesInForce(KeptChanges kept, Rules given, Made<B> made) {
        this.kept = kept;
        this.given = given;
        this.made = made;
    }

    /**
     * What was kept, for a job that starts now.
     *
     * @param given the rules it starts with
     * @param named what names them
     */
    static <B> RulesInForce<B> restore(OperatorStateStore store, Rules given, RulesChange named, Made<B> made)
            throws Exception {
        return new RulesInForce<>(KeptChanges.restore(store, named), given, made);
    }

    /** See {@link KeptChanges#startedWithOthers}. */
    boolean startedWithOthers() {
        return kept.startedWithOthers();
    }

    void change(RulesChange change, long watermark) throws Exception {
        kept.add(change, watermark);
        byMoment.keySet().removeIf(after -> after == change.afterMillis() || !kept.has(after));
        lastFrom = null;
        lastAt = null;
    }

    /** What decides at a moment, in epoch milliseconds. */
    B at(long millis) {
        if (lastAt == null || lastMoment != millis) {
            lastAt = madeOf(kept.at(millis));
            lastMoment = millis;
        }
        return lastAt;
    }

    /** What decides at a moment or later, in epoch milliseconds; at least one. */
    List<B> from(long millis) {
        if (lastFrom == null || lastAsked != millis) {
            List<B> all = new ArrayList<>();
            kept.from(millis).forEach(change -> all.add(madeOf(change)));
            lastFrom = all;
            lastAsked = millis;
        }
        return lastFrom;
    }

    private B madeOf(RulesChange change) {
        return byMoment.computeIfAbsent(
                change.afterMillis(),
                after -> made.of(change.rules().length == 0 ? given : RulesBytes.read(change.rules()), after));
    }
}
