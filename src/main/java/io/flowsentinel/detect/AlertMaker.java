package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Rule;
import io.flowsentinel.model.Alert.Status;
import io.flowsentinel.model.RecordRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says what an episode has come to. */
final class AlertMaker {

    private static final long MILLIS = 1_000;

    /** Some titles end so. */
    private static final String IN_ALL = " in all";

    private final Court court;
    private final String rulesVersion;

    AlertMaker(Court court, String rulesVersion) {
        this.court = court;
        this.rulesVersion = rulesVersion;
    }

    /** @param time end of the pane, in seconds */
    Alert make(Episode episode, Activity activity, long time) {
        RuleSettings rule = court.rule(episode.ruleId);
        Map<String, Long> numbers = episode.numbers();
        Map<String, String> entity = episode.entity.stream()
                .collect(Collectors.toMap(
                        EntityField::name, EntityField::value, (one, other) -> one, LinkedHashMap::new));
        Map<String, String> fields = new TreeMap<>(episode.context);
        episode.listed.forEach((name, names) -> {
            if (!names.isEmpty()) {
                fields.put(Wording.NAMES + name, Listing.inTitle(names, numbers.getOrDefault(name, 0L)));
            }
        });
        fields.putAll(entity);
        String title = court.wording(episode.ruleId).title(fields, numbers);
        return new Alert(
                activity,
                guessed(episode) ? lessSure(rule.rule()) : rule.rule(),
                episode.findingId,
                episode.scope,
                episode.entity,
                title,
                message(activity, title, rule.rule()),
                rule.severity() == null ? episode.severity : rule.severity(),
                episode.suppressed() ? Status.SUPPRESSED : status(activity),
                time * MILLIS,
                episode.firstSeen * MILLIS,
                episode.lastSeen * MILLIS,
                episode.contributions(),
                Collections.unmodifiableMap(numbers),
                rule.thresholds(),
                rulesVersion,
                episode.shown().stream()
                        .filter(Sample::hasEndpoints)
                        .map(AlertMaker::evidence)
                        .toList(),
                records(episode),
                episode.coverageGap,
                anomaly(episode, numbers),
                episode.baselineSince == Sighting.ANY_DAY ? Alert.NO_BASELINE : episode.baselineSince * MILLIS,
                context(episode, numbers),
                episode.suppressedBy);
    }

    private static boolean guessed(Episode episode) {
        return episode.guessed || episode.context.containsKey(Sighting.DEGRADED);
    }

    /** A guess is worth a level less. */
    private static Rule lessSure(Rule rule) {
        Confidence confidence =
                switch (rule.confidence()) {
                    case HIGH -> Confidence.MEDIUM;
                    case MEDIUM, LOW -> Confidence.LOW;
                };
        return new Rule(
                rule.id(), rule.version(), rule.name(), rule.description(), confidence, rule.runbook(), rule.attacks());
    }

    /** What was seen is told by its list, where there is one: it grows with the episode. */
    private static Anomaly anomaly(Episode episode, Map<String, Long> numbers) {
        Anomaly anomaly = episode.anomaly;
        TreeSet<String> names = anomaly == null ? null : episode.listed.get(anomaly.observed());
        if (names == null) {
            return anomaly;
        }
        String seen = Listing.text(names, numbers.getOrDefault(anomaly.observed(), 0L));
        return new Anomaly(anomaly.parameter(), seen, anomaly.usual());
    }

    private static Map<String, String> context(Episode episode, Map<String, Long> numbers) {
        TreeMap<String, String> context = new TreeMap<>(episode.context);
        episode.listed.forEach((name, names) -> {
            if (!names.isEmpty()) {
                context.put(name, Listing.text(names, numbers.getOrDefault(name, 0L)));
            }
        });
        if (episode.notable != null) {
            context.put(episode.notable.name(), episode.notable.text());
        }
        if (episode.evidence.stream().anyMatch(Sample::translated)) {
            context.put("translated", "true");
        }
        if (episode.guessed) {
            context.put(Sighting.DEGRADED, "no tcp-flags: who opened what is guessed from ports");
        }
        return Collections.unmodifiableMap(context);
    }

    /** An Update of a finding that readers have not been told of yet, as they are told of it. */
    static Alert created(Alert update) {
        return update.as(
                Activity.CREATE, status(Activity.CREATE), message(Activity.CREATE, update.title(), update.rule()));
    }

    private static String message(Activity activity, String title, Rule rule) {
        return switch (activity) {
            case CREATE -> title + ". " + rule.runbook();
            case UPDATE -> title + " so far. " + rule.runbook();
            case CLOSE -> title + (title.endsWith(IN_ALL) ? "" : IN_ALL) + "; over for now.";
        };
    }

    private static Status status(Activity activity) {
        return switch (activity) {
            case CREATE -> Status.NEW;
            case UPDATE -> Status.IN_PROGRESS;
            case CLOSE -> Status.RESOLVED;
        };
    }

    private static Evidence evidence(Sample sample) {
        return new Evidence(
                sample.connectionId(),
                sample.scope(),
                sample.originatorParty(),
                sample.responderParty(),
                sample.protocol(),
                sample.state(),
                sample.verdict(),
                sample.start(),
                sample.end());
    }

    private static List<RecordRef> records(Episode episode) {
        return episode.shown().stream()
                .flatMap(sample -> sample.records().stream())
                .distinct()
                .limit(Alert.MAX_EVIDENCE)
                .toList();
    }
}
