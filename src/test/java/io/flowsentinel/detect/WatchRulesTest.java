package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Rules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a change of rules. */
class WatchRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: {strobe: {mode: off}, port-scan: {severity: low}} | port-scan, strobe",
                "rules: {strobe: {allow: [{port: 1, reason: x}]}}         | strobe",
                "baseline: {days: 8}     | 'what rules share (ports, baseline, dns, scope)'",
                "ports: {admin: [22]}    | 'what rules share (ports, baseline, dns, scope)'",
                "'# nothing else'        | comments alone",
            })
    void aChangeNamesWhatIsOtherwise(String yaml, String named) {
        assertThat(String.join(", ", WatchRules.differing(Rules.defaults(), Rules.load(yaml, "a.yaml"))))
                .isEqualTo(named);
    }
}
