package io.flowsentinel.detect.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.model.Alert.Technique;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    /** A rules file in one line, the line of its mistake, what the reader says, and whether the schema refuses it too. */
    static final String MISTAKES =
            """
            rule: {}                                            | 1 | rule is an unknown key | yes
            rules: {port-scann: {}}                             | 1 | rules.port-scann is an unknown key; allowed is a rule this version has | yes
            rules: {beacons: {mode: live}}                      | 1 | rules.beacons is an unknown key | yes
            rules: {port-scan: {color: red}}                    | 1 | rules.port-scan.color is an unknown key | yes
            rules: {port-scan: {mode: on}}                      | 1 | rules.port-scan.mode is 'on'; allowed is off, dry-run or live | yes
            rules:/  port-scan:/    mode: [live]                | 3 | rules.port-scan.mode is a list | yes
            rules:/  port-scan:/    window: 15x                 | 3 | rules.port-scan.window is '15x' | yes
            rules:/  port-scan:/    window: 1s                  | 3 | rules.port-scan.window is '1s' | yes
            rules:/  port-scan:/    window: 2d                  | 3 | rules.port-scan.window is '2d' | yes
            rules: {exposed-admin-service: {window: 1h}}        | 1 | rules.exposed-admin-service.window is an unknown key | yes
            rules: {port-scan: {severity: fatal}}               | 1 | rules.port-scan.severity is 'fatal' | yes
            rules:/  port-scan:/    thresholds: {external: 0}   | 3 | rules.port-scan.thresholds.external is '0'; allowed is a whole number from 1 | yes
            rules: {port-scan: {thresholds: {external: -3}}}    | 1 | is '-3' | yes
            rules: {port-scan: {thresholds: {external: 2.5}}}   | 1 | is '2.5' | yes
            rules: {port-scan: {thresholds: {external: 99999}}} | 1 | is '99999' | yes
            rules: {port-scan: {thresholds: {ports: 5}}}        | 1 | rules.port-scan.thresholds.ports is an unknown key; allowed is one of external, internal | yes
            rules: {port-scan: {thresholds: 5}}                 | 1 | rules.port-scan.thresholds is '5'; allowed is keys with values | yes
            rules: {port-scan: {allow: [{source: 10.0.0.0/33, reason: x}]}}  | 1 | rules.port-scan.allow.source is '10.0.0.0/33'; allowed is an address or a CIDR | yes
            rules: {port-scan: {allow: [{source: 10.0.0.1/8, reason: x}]}}   | 1 | is '10.0.0.1/8' | no
            rules: {port-scan: {allow: [{source: 198.51.100.7/24, reason: x}]}} | 1 | allowed is an address or a CIDR without address bits behind the prefix, such as 198.51.100.0/24 | no
            rules: {port-scan: {allow: [{source: example.org, reason: x}]}}  | 1 | is 'example.org' | yes
            rules:/  port-scan:/    allow:/      - {source: 10.0.0.1}        | 4 | rules.port-scan.allow.reason is missing | yes
            rules:/  port-scan:/    allow:/      - {reason: x}               | 4 | rules.port-scan.allow.reason | yes
            rules: {port-scan: {allow: [{port: 70000, reason: x}]}}          | 1 | is '70000' | yes
            rules: {port-scan: {allow: [{protocol: 256, reason: x}]}}        | 1 | rules.port-scan.allow.protocol is '256'; allowed is a protocol number | yes
            rules: {port-scan: {allow: [{port: 1, reason: x, expires: 2027-02-30}]}} | 1 | rules.port-scan.allow.expires is '2027-02-30'; allowed is a date | yes
            rules: {port-scan: {attacks: [{id: T10, name: x}]}} | 1 | is 'T10' | yes
            rules: {exposed-admin-service: {thresholds: {ports: 1}}} | 1 | rules.exposed-admin-service.thresholds.ports is an unknown key; allowed is nothing, this rule has no thresholds | yes
            dns: {resolvers: [10.0.0.300]}                      | 1 | dns.resolvers is '10.0.0.300' | yes
            baseline: {days: many}                              | 1 | baseline.days is 'many' | yes
            ports: {admin: [22, 99999]}                         | 1 | ports.admin is '99999' | yes
            mode: live/mode: live                               | 2 | mode is a second time | no
            rules: {port-scan: [                                | 1 | no YAML | no
            just text                                           | 1 | the file is 'just text' | yes
            """;

    @Test
    void theShippedRulesAreThoseOfTheCatalogue() {
        Rules rules = Rules.defaults();

        assertThat(rules.describe())
                .contains(
                        "port-scan: live, external 25, internal 50 in 15 min",
                        "exposed-admin-service: live in a UTC day",
                        "beacon: live, opens 20, score 0.9 in 1440 min, allow-list 2");
        assertThat(rules.adminPorts())
                .containsExactly(22, 23, 135, 139, 445, 2222, 3389, 5900, 5901, 5902, 5903, 5985, 5986);
        assertThat(rules.databasePorts())
                .containsExactly(1433, 1521, 3306, 5432, 5984, 6379, 9042, 9200, 11_211, 27_017, 27_018, 27_019);
    }

    @Test
    void aFileSaysOnlyWhatDiffers() {
        Rules rules = Rules.load(
                """
                attack: {version: "19.0"}
                ports: {admin: [22, 8000-8002]}
                baseline: {days: 7, hours: 50}
                dns: {resolvers: [10.0.0.2]}
                scope: {subnets: []}
                rules:
                  port-scan:
                    mode: off
                  host-sweep:
                    mode: dry-run
                    window: 30 min
                    thresholds: {external: 40}
                """,
                "my.yaml");

        assertThat(rules.rule("port-scan").mode()).isEqualTo(Mode.OFF);
        assertThat(rules.rule("host-sweep").mode()).isEqualTo(Mode.DRY_RUN);
        assertThat(rules.rule("host-sweep").window()).isEqualTo(Duration.ofMinutes(30));
        assertThat(rules.rule("host-sweep").thresholds())
                .containsEntry("external", 40.0)
                .containsEntry("internal", 50.0);
        assertThat(rules.rule("port-scan").rule().attacks())
                .containsExactly(new Technique("T1046", "Network Service Discovery", "19.0"));
        assertThat(rules.adminPorts()).containsExactly(22, 8000, 8001, 8002);
        assertThat(rules.describe())
                .contains("port-scan: off", "host-sweep: dry-run, external 40, internal 50 in 30 min");
    }

    @Test
    void allowedEntriesComeOnTopOfTheShippedOnes() {
        Rules rules = Rules.load("rules: {beacon: {allow: [{source: 10.0.0.9, reason: our monitor}]}}", "a.yaml");

        assertThat(rules.rule("beacon").allow())
                .extracting(AllowEntry::toString)
                .containsExactly(
                        "allow source=10.0.0.9 reason=our monitor",
                        "allow port=53 protocol=17 reason=name resolution is regular",
                        "allow port=123 protocol=17 reason=time synchronisation is regular");
    }

    @Test
    void anEntryThatCoversNothingAnyMoreIsNamed() {
        Rules rules = Rules.load(
                """
                rules:
                  port-scan:
                    allow:
                      - {port: 22, reason: our scanner, expires: 2026-01-01}
                      - {port: 23, reason: our other one, expires: 2027-01-01}
                      - {port: 24, reason: for ever}
                """,
                "a.yaml");

        assertThat(rules.expired(Instant.parse("2026-01-01T00:00:00Z")))
                .containsExactly("port-scan: allow port=22 reason=our scanner, expired 2026-01-01");
        assertThat(rules.expired(Instant.parse("2025-12-31T23:59:59Z"))).isEmpty();
    }

    @Test
    void theVersionIsAHashOfWhatIsInForce() {
        Rules defaults = Rules.defaults();
        Rules changed = Rules.load("rules: {port-scan: {mode: off}}", "a.yaml");

        assertThat(defaults.version())
                .matches("[0-9a-f]{12}")
                .isEqualTo(Rules.defaults().version());
        assertThat(changed.version())
                .isNotEqualTo(defaults.version())
                .isEqualTo(
                        Rules.load("rules: {port-scan: {mode: off}}", "b.yaml").version());
    }

    @Test
    void rulesTravelWithTheJob() throws IOException, ClassNotFoundException {
        Rules rules = Rules.load("rules: {port-scan: {mode: dry-run}}", "a.yaml");

        Rules arrived = InstantiationUtil.clone(rules);

        assertThat(arrived.version()).isEqualTo(rules.version());
        assertThat(arrived.rule("port-scan").mode()).isEqualTo(Mode.DRY_RUN);
    }

    @Test
    void anEmptyFileChangesNothing() {
        assertThat(Rules.load("# nothing\n", "a.yaml").describe())
                .isEqualTo(Rules.defaults().describe());
    }

    @Test
    void anEntryThatNamesNothingChangesNothing() {
        assertThat(Rules.load("rules:\n  port-scan:\n", "a.yaml").describe())
                .isEqualTo(Rules.defaults().describe());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = MISTAKES)
    void everyMistakeIsOneLineThatNamesItsPlace(String yaml, int line, String message) {
        String text = mistake(yaml);

        assertThatThrownBy(() -> Rules.load(text, "my.yaml"))
                .isInstanceOf(InvalidRules.class)
                .hasMessageStartingWith("my.yaml line " + line + ": ")
                .hasMessageContaining(message)
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\n"));
    }

    /** The file's text, of a row of {@link #MISTAKES}. */
    static String mistake(String yaml) {
        return yaml.replace('/' + "  ", "\n  ").replace("/mode", "\nmode");
    }
}
