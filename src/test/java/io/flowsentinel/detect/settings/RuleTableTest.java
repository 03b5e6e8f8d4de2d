package io.flowsentinel.detect.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of rules in the README is true. */
class RuleTableTest {

    private static final Pattern LEVEL = Pattern.compile("\\b(?:informational|low|medium|high)\\b");

    @Test
    void theReadmeListsTheShippedRulesAsTheyAreInForce() throws IOException {
        List<String> expected = RuleTable.of(Rules.defaults());
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        int first = readme.indexOf(RuleTable.HEAD.get(0));

        List<String> table = first < 0
                ? List.of()
                : readme.subList(first, readme.size()).stream()
                        .takeWhile(line -> line.startsWith("|"))
                        .toList();

        assertThat(table)
                .as("the table of rules in README.md; it has to be\n%s\n", String.join("\n", expected))
                .isEqualTo(expected);
    }

    @Test
    void everyRuleSaysWhichSeverityItsFindingsHave() {
        assertThat(Rules.defaults().all().values()).allSatisfy(rule -> assertThat(rule.severities())
                .as(rule.id())
                .containsPattern(LEVEL)
                .doesNotContain("|"));
    }
}
