package io.flowsentinel.detect.settings;

import io.flowsentinel.detect.settings.RuleSettings.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules in force: the shipped ones, and what a rules file says otherwise. Immutable. */
public final class Rules implements Serializable {

    private static final String SHIPPED = "rules.yaml";

    /** How much of a moment's text is its day. */
    private static final int DAY = "2026-01-01".length();

    private final String yaml;
    private final String fileName;
    private final String version;
    private final AddressLists lists;
    private final transient RulesReader.Content content;

    private Rules(String yaml, String fileName, AddressLists lists) {
        this.yaml = yaml;
        this.fileName = fileName;
        this.lists = lists;
        String shipped = shipped();
        RulesReader.Content defaults = RulesReader.shipped(shipped);
        this.content = yaml == null ? defaults : RulesReader.over(defaults, yaml, fileName);
        this.version = hash(yaml == null ? shipped : shipped + '\0' + yaml);
    }

    /** The shipped rules alone. */
    public static Rules defaults() {
        return new Rules(null, SHIPPED, AddressLists.NONE);
    }

    /**
     * The shipped rules with a file's changes. An entry below {@code rules} that names nothing changes nothing.
     *
     * @param yaml the file's text
     * @param fileName for messages
     * @throws InvalidRules naming the line of the first problem
     */
    public static Rules load(String yaml, String fileName) {
        return new Rules(yaml, fileName, AddressLists.NONE);
    }

    /**
     * The same rules with lists of addresses. Only those who look addresses up need them: lists are large, and whoever
     * else has the rules is better off without.
     */
    public Rules withLists(AddressLists addresses) {
        return new Rules(yaml, fileName, addresses);
    }

    /** The first 12 hex digits of a hash over everything in force; in every alert. */
    public String version() {
        return version;
    }

    /** One line a rule for the start of a run: {@code port-scan: live, external 25, internal 50 in 15 min}. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        content.rules().values().forEach(rule -> lines.add(RuleLine.of(rule)));
        return lines;
    }

    /** The same where all rules and lists are. */
    public String versionWithLists() {
        return lists.isEmpty() ? version : version + " " + lists.version();
    }

    /** The rules file's text; null for the shipped rules alone. */
    String yaml() {
        return yaml;
    }

    /** For messages. */
    String fileName() {
        return fileName;
    }

    /** A rule there is, off or not. */
    public RuleSettings rule(String id) {
        return content.rules().get(id);
    }

    /** The settings of those of these rules that are not off, in this order. */
    public List<RuleSettings> on(String... ids) {
        List<RuleSettings> on = new ArrayList<>();
        for (String id : ids) {
            if (rule(id).mode() != Mode.OFF) {
                on.add(rule(id));
            }
        }
        return on;
    }

    /** Whether an administration service or a database listens on the port. */
    public boolean adminOrDatabase(int port) {
        return content.adminPorts().contains(port) || content.databasePorts().contains(port);
    }

    /** The administration services' ports; unmodifiable. */
    public Set<Integer> adminPorts() {
        return content.adminPorts();
    }

    /** The databases' ports; unmodifiable. */
    public Set<Integer> databasePorts() {
        return content.databasePorts();
    }

    /** What has to be known of a subject before rules that learn judge it. */
    public BaselineNeeded baseline() {
        return content.baseline();
    }

    /** Approved DNS resolvers. */
    public List<Cidr> resolvers() {
        return content.resolvers();
    }

    /** Ids of the subnets in which new peers from outside are told; empty for none. */
    public Set<String> subnets() {
        return content.subnets();
    }

    /** Addresses somebody warns of. */
    public AddressLists lists() {
        return lists;
    }

    /** All rules by id, off or not, in the shipped order; unmodifiable. */
    public Map<String, RuleSettings> all() {
        return content.rules();
    }

    /**
     * The allow-list entries that cover nothing from a moment on, each with its rule and day:
     * {@code port-scan: allow port=22 reason=our scanner, expired 2026-01-01}.
     */
    public List<String> expired(Instant moment) {
        List<String> expired = new ArrayList<>();
        all().forEach((id, rule) -> rule.allow().stream()
                .filter(entry -> entry.expires() <= moment.getEpochSecond())
                .forEach(entry -> expired.add(id + ": " + entry + ", expired "
                        + Instant.ofEpochSecond(entry.expires()).toString().substring(0, DAY))));
        return expired;
    }

    private static String shipped() {
        try (InputStream in = Rules.class.getResourceAsStream(SHIPPED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    /** Read again from the text: what is derived from it is not serialized. */
    private Object readResolve() {
        return new Rules(yaml, fileName, lists);
    }
}
