package io.flowsentinel.detect.settings;

import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Alert.Rule;
import io.flowsentinel.model.Alert.Technique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the shipped rules and, over them, a rules file; complains about the first thing that cannot be. */
final class RulesReader {

    private static final List<String> TOP = List.of("attack", "ports", "baseline", "dns", "scope", "rules");
    private static final List<String> RULE_KEYS =
            List.of("mode", "severity", "window", "thresholds", "attacks", "allow");
    private static final List<String> SHIPPED_KEYS = List.of(
            "version",
            "name",
            "description",
            "confidence",
            "severity",
            "runbook",
            "mode",
            "window",
            "judges",
            "thresholds",
            "attacks",
            "allow");

    private final YamlMap file;
    private final Content base;
    private final String attackVersion;

    private RulesReader(YamlMap file, Content base) {
        this.file = file;
        this.base = base;
        this.attackVersion = file.map("attack").value("version", base.attackVersion(), "a version", text -> text);
    }

    /**
     * What is in force.
     *
     * @param rules by id, in the shipped order; unmodifiable
     * @param adminPorts the administration services' ports; unmodifiable
     * @param databasePorts the databases' ports; unmodifiable
     * @param baseline what has to be known of a subject before rules that learn judge it
     * @param resolvers approved DNS resolvers; unmodifiable
     * @param subnets ids of the subnets in which new peers from outside are told; unmodifiable
     * @param attackVersion version of ATT&amp;CK the ids belong to
     */
    record Content(
            Map<String, RuleSettings> rules,
            Set<Integer> adminPorts,
            Set<Integer> databasePorts,
            BaselineNeeded baseline,
            List<Cidr> resolvers,
            Set<String> subnets,
            String attackVersion) {}

    static Content shipped(String yaml) {
        Content nothing =
                new Content(Map.of(), Set.of(), Set.of(), new BaselineNeeded(0, 0), List.of(), Set.of(), null);
        return new RulesReader(YamlMap.of(yaml, "rules.yaml"), nothing).read(true);
    }

    static Content over(Content shipped, String yaml, String fileName) {
        return new RulesReader(YamlMap.of(yaml, fileName), shipped).read(false);
    }

    private Content read(boolean shipping) {
        file.only(TOP);
        file.map("attack").only(List.of("version"));
        YamlMap ports = file.map("ports");
        ports.only(List.of("admin", "database"));
        return new Content(
                rules(shipping),
                ports(ports, "admin", base.adminPorts()),
                ports(ports, "database", base.databasePorts()),
                baseline(),
                resolvers(),
                subnets(),
                attackVersion);
    }

    private BaselineNeeded baseline() {
        YamlMap baseline = file.map("baseline");
        baseline.only(List.of("days", "hours"));
        return new BaselineNeeded(
                baseline.value("days", base.baseline().days(), "a whole number from 0 to 90", RuleValues.whole(0, 90)),
                baseline.value(
                        "hours", base.baseline().hours(), "a whole number from 0 to 2000", RuleValues.whole(0, 2_000)));
    }

    private List<Cidr> resolvers() {
        YamlMap dns = file.map("dns");
        dns.only(List.of("resolvers"));
        List<Cidr> resolvers = dns.texts("resolvers", AddressBlock.ALLOWED, Cidr::parse);
        return dns.has("resolvers") ? List.copyOf(resolvers) : base.resolvers();
    }

    private Set<String> subnets() {
        YamlMap scope = file.map("scope");
        scope.only(List.of("subnets"));
        List<String> subnets = scope.texts("subnets", "subnet ids", RuleValues::word);
        return scope.has("subnets") ? Set.copyOf(subnets) : base.subnets();
    }

    private static Set<Integer> ports(YamlMap ports, String key, Set<Integer> absent) {
        if (!ports.has(key)) {
            return absent;
        }
        Set<Integer> all = new TreeSet<>();
        ports.texts(key, "ports, such as 22 or 5900-5903", RuleValues::portRange)
                .forEach(all::addAll);
        return Collections.unmodifiableSet(all);
    }

    private Map<String, RuleSettings> rules(boolean shipping) {
        Map<String, RuleSettings> rules = new LinkedHashMap<>(base.rules());
        YamlMap named = file.map("rules");
        for (String id : named.keys()) {
            if (!shipping && !base.rules().containsKey(id)) {
                throw named.unknownKey(
                        id,
                        "a rule this version has: "
                                + String.join(", ", base.rules().keySet()));
            }
            YamlMap rule = named.map(id);
            rules.put(id, shipping ? newRule(id, rule) : changed(base.rules().get(id), rule));
        }
        return Collections.unmodifiableMap(rules);
    }

    private RuleSettings newRule(String id, YamlMap map) {
        map.only(SHIPPED_KEYS);
        Rule rule = new Rule(
                id,
                map.required("version", "a number", Integer::valueOf),
                map.required("name", "a text", text -> text),
                map.required("description", "a text", text -> text),
                map.required("confidence", "a level", text -> Confidence.valueOf(text.toUpperCase(Locale.ROOT))),
                map.required("runbook", "a text", text -> text),
                attacks(map, List.of()));
        Map<String, Double> thresholds = new TreeMap<>();
        for (String name : map.map("thresholds").keys()) {
            thresholds.put(name, map.map("thresholds").required(name, "a number", Double::valueOf));
        }
        Duration window = map.value("window", null, "a duration", RuleValues::duration);
        return new RuleSettings(
                rule,
                map.value("mode", Mode.LIVE, "a mode", RuleValues::mode),
                map.required("severity", "a text", text -> text),
                null,
                window,
                map.value("judges", "a UTC day", "a text", text -> text),
                Collections.unmodifiableMap(thresholds),
                allowed(map));
    }

    private RuleSettings changed(RuleSettings shipped, YamlMap map) {
        map.only(RULE_KEYS);
        if (shipped.window() == null && map.has("window")) {
            throw map.unknownKey("window", "no window for this rule, it always judges " + shipped.judges());
        }
        Rule rule = shipped.rule();
        return new RuleSettings(
                new Rule(
                        rule.id(),
                        rule.version(),
                        rule.name(),
                        rule.description(),
                        rule.confidence(),
                        rule.runbook(),
                        attacks(map, rule.attacks())),
                map.value("mode", shipped.mode(), "off, dry-run or live", RuleValues::mode),
                shipped.severities(),
                map.value("severity", null, "informational, low, medium or high", RuleValues::severity),
                window(shipped, map),
                shipped.judges(),
                thresholds(shipped, map.map("thresholds")),
                withShipped(allowed(map), shipped.allow()));
    }

    private static Map<String, Double> thresholds(RuleSettings shipped, YamlMap map) {
        if (shipped.thresholds().isEmpty()) {
            for (String name : map.keys()) {
                throw map.unknownKey(name, "nothing, this rule has no thresholds");
            }
        }
        map.only(List.copyOf(shipped.thresholds().keySet()));
        Map<String, Double> thresholds = new HashMap<>(shipped.thresholds());
        for (String name : map.keys()) {
            double usual = shipped.thresholds().get(name);
            if (usual == Math.rint(usual)) {
                long most = Math.max(RuleSettings.HIGHEST_THRESHOLD, 1_000 * (long) usual);
                thresholds.put(name, (double)
                        map.required(name, "a whole number from 1 to " + most, RuleValues.whole(1, most)));
            } else {
                thresholds.put(name, map.required(name, "a number over 0, at most 1", RuleValues::share));
            }
        }
        return Collections.unmodifiableMap(new TreeMap<>(thresholds));
    }

    /** A rule keeps the kind of pane its window makes: minutes below a day, hours from a day on. */
    private static Duration window(RuleSettings shipped, YamlMap map) {
        boolean ofDays = shipped.window() != null && shipped.window().compareTo(RuleValues.DAY) >= 0;
        return ofDays
                ? map.value("window", shipped.window(), "a duration from 1 d to 30 d", RuleValues::longWindow)
                : map.value(
                        "window", shipped.window(), "a duration from 1 min to 12 h, such as 15m", RuleValues::window);
    }

    private List<Technique> attacks(YamlMap map, List<Technique> absent) {
        if (!map.has("attacks")) {
            return absent.stream()
                    .map(technique -> new Technique(technique.id(), technique.name(), attackVersion))
                    .toList();
        }
        List<Technique> attacks = new ArrayList<>();
        for (YamlMap attack : map.maps("attacks")) {
            attack.only(List.of("id", "name"));
            attacks.add(new Technique(
                    attack.required("id", "an id such as T1046 or T1498.001", RuleValues::technique),
                    attack.required("name", "a text", RuleValues::word),
                    attackVersion));
        }
        return List.copyOf(attacks);
    }

    private static List<AllowEntry> allowed(YamlMap map) {
        return map.maps("allow").stream().map(RulesReader::entry).toList();
    }

    /** Shipped entries stay: whoever allows one scanner does not ask for findings about everybody's name resolution. */
    private static List<AllowEntry> withShipped(List<AllowEntry> added, List<AllowEntry> shipped) {
        List<AllowEntry> all = new ArrayList<>(added);
        all.addAll(shipped);
        return List.copyOf(all);
    }

    private static AllowEntry entry(YamlMap map) {
        map.only(List.of("source", "destination", "port", "protocol", "interface", "tag", "reason", "expires"));
        Cidr source = map.value("source", null, AddressBlock.ALLOWED, Cidr::parse);
        Cidr destination = map.value("destination", null, AddressBlock.ALLOWED, Cidr::parse);
        Integer port = map.value("port", null, "a port from 0 to 65535", RuleValues::port);
        Integer protocol = map.value("protocol", null, "a protocol number from 0 to 255", RuleValues::protocol);
        String interfaceId = map.value("interface", null, "an interface id", RuleValues::word);
        String tag = map.value("tag", null, "a tag", RuleValues::word);
        String reason = map.required("reason", "a text that says why", RuleValues::word);
        long expires = map.value("expires", AllowEntry.NEVER, "a date such as 2027-01-01", RuleValues::day);
        String bounds = Stream.of(
                        field("source", source),
                        field("destination", destination),
                        field("port", port),
                        field("protocol", protocol),
                        field("interface", interfaceId),
                        field("tag", tag))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        if (bounds.isEmpty()) {
            throw map.unknownKey(
                    "reason",
                    "an entry that names a source, destination, port, protocol, interface or tag, as well as a reason");
        }
        String text = "allow " + bounds + " " + field("reason", reason);
        return new AllowEntry(source, destination, port, protocol, interfaceId, tag, reason, expires, text);
    }

    private static String field(String name, Object value) {
        return value == null ? null : name + "=" + value;
    }
}
