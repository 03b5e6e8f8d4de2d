package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Whom a finding is about, across rules: findings that share a tie can mute each other. An external address is the same
 * in every scope.
 */
public final class Ties {

    /** Who makes this share of something is whom it is about. */
    public static final double MOST = 0.8;

    private Ties() {}

    /** Whoever opened it. */
    public static String originator(Sample sample) {
        String address = sample.originator().address().toString();
        return "originator " + (sample.internal() ? sample.scope() + " " : "") + address;
    }

    /** The other side. */
    public static String responder(Sample sample) {
        String address = sample.responder().address().toString();
        return "responder " + (sample.responderInternal() ? sample.scope() + " " : "") + address;
    }

    /** Both sides, together. */
    public static String pair(Sample sample) {
        return "pair " + originator(sample) + " " + responder(sample);
    }

    /** An internal originator. */
    public static String originator(String scope, IpAddress address) {
        return "originator " + scope + " " + address;
    }

    /** The originator where all samples name the same, the responder likewise: a finding about many is about nobody. */
    public static List<String> common(List<PaneTally> tallies) {
        Set<String> originators = new TreeSet<>();
        Set<String> responders = new TreeSet<>();
        for (PaneTally entry : tallies) {
            if (entry.tally().count() > entry.tally().firsts().size()) {
                return List.of(); // there are more than can be looked at
            }
            for (Sample sample : entry.tally().firsts()) {
                originators.add(originator(sample));
                responders.add(responder(sample));
            }
        }
        List<String> ties = new ArrayList<>();
        if (originators.size() == 1) {
            ties.addAll(originators);
        }
        if (responders.size() == 1) {
            ties.addAll(responders);
        }
        return ties;
    }

    /** Both sides, each on its own. */
    public static List<String> both(Sample sample) {
        List<String> ties = new ArrayList<>();
        ties.add(originator(sample));
        ties.add(responder(sample));
        return ties;
    }

    /** The one tie that most samples have; empty where no tie has. */
    public static Optional<String> mostly(List<Sample> samples, Function<Sample, String> tie) {
        Map<String, Integer> counts = new TreeMap<>();
        samples.forEach(sample -> counts.merge(tie.apply(sample), 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= MOST * samples.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
